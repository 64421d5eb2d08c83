using System.Text;
using System.Text.RegularExpressions;

namespace Portico.Core.Detection.Files;

/// <summary>
/// Reads what detection needs of a TOML file: the tables, their keys, and values that are a text or a list of texts. Anything
/// else, and what is not TOML, is passed over.
/// </summary>
internal sealed class TomlText
{
    private const int MostItems = 2000;
    private static readonly Regex Header = Pattern.Of(@"^\s*\[{1,2}\s*([\w.""' -]+?)\s*\]{1,2}\s*(?:#.*)?$");
    private static readonly Regex Pair = Pattern.Of(@"^\s*([\w.""'-]+)\s*=\s*(.*)$");
    private static readonly Regex Quoted = Pattern.Of(@"""([^""\\\p{C}]*)""|'([^'\p{C}]*)'");
    private readonly Dictionary<string, Dictionary<string, string>> _tables = new(StringComparer.Ordinal);

    public TomlText(string? text)
    {
        var table = Table("");
        StringBuilder? open = null;
        var openKey = "";
        foreach (var line in (text ?? "").Split('\n').Take(20_000))
        {
            if (open is not null)
            {
                open.Append('\n').Append(WithoutComment(line));
                if (!line.TrimEnd().EndsWith(']'))
                    continue;
                table[openKey] = open.ToString();
                open = null;
            }
            else if (Header.First(line) is { } header)
            {
                table = Table(header.Replace("\"", "", StringComparison.Ordinal));
            }
            else if (Pair.Match(line) is { Success: true } pair)
            {
                var key = pair.Groups[1].Value.Trim('"', '\'');
                var value = WithoutComment(pair.Groups[2].Value).Trim();
                if (table.TryAdd(key, value) && value.StartsWith('[') && !value.EndsWith(']'))
                    (openKey, open) = (key, new StringBuilder(value));
            }
        }
    }

    public bool Has(string table) => _tables.ContainsKey(table);

    public IEnumerable<string> Keys(string table) => _tables.GetValueOrDefault(table)?.Keys.Take(MostItems) ?? [];

    /// <summary>Returns a text; null if it is absent or something else.</summary>
    public string? Value(string table, string key) => Texts(table, key).FirstOrDefault();

    /// <summary>Returns the texts of a list, or one text.</summary>
    public IEnumerable<string> Texts(string table, string key) =>
        _tables.GetValueOrDefault(table)?.GetValueOrDefault(key) is { } value
            ? Quoted.Matches(value).Take(MostItems).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
            : [];

    private Dictionary<string, string> Table(string name)
    {
        if (!_tables.TryGetValue(name, out var table))
            _tables[name] = table = new(StringComparer.Ordinal);
        return table;
    }

    // A `#` within a text is rare in what is read here; the text before it is enough then.
    private static string WithoutComment(string line) => line.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var at ? line[..at] : line.StartsWith('#') ? "" : line;
}
