using System.Globalization;
using System.Text;

namespace Portico.Blueprint.Writing;

/// <summary>Writes block-style YAML, each scalar in a form that reads back as the same text.</summary>
internal sealed class YamlText
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _afterDash;

    public override string ToString() => _text.ToString();

    public void Field(string name, string? value)
    {
        if (value is null)
            return;
        Key(name);
        _text.Append(' ').Append(Scalar(value)).Append('\n');
    }

    public void Field(string name, int? value)
    {
        if (value is null)
            return;
        Key(name);
        _text.Append(' ').Append(value.Value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    public void Field(string name, bool? value)
    {
        if (value is null)
            return;
        Key(name);
        _text.Append(value.Value ? " true\n" : " false\n");
    }

    public void Map(string name, Action content)
    {
        Key(name);
        var before = _text.Append('\n').Length;
        Nested(content);
        if (_text.Length == before)
            _text.Insert(before - 1, " {}");
    }

    /// <summary>Writes a list: nothing for null, <c>[]</c> for an empty one.</summary>
    public void List<T>(string name, IReadOnlyList<T>? items, Action<T> content)
    {
        if (items is null)
            return;
        Key(name);
        _text.Append(items.Count == 0 ? " []\n" : "\n");
        foreach (var item in items)
            Nested(() => Item(() => content(item)));
    }

    public void List(string name, IReadOnlyList<string>? items)
    {
        if (items is null)
            return;
        Key(name);
        _text.Append(items.Count == 0 ? " []\n" : "\n");
        foreach (var item in items)
            _text.Append(' ', 2 * (_depth + 1)).Append("- ").Append(Scalar(item)).Append('\n');
    }

    private void Item(Action content)
    {
        _text.Append(' ', 2 * _depth).Append("- ");
        _afterDash = true;
        var before = _text.Length;
        Nested(content);
        if (_text.Length == before)
            _text.Append("{}\n");
        _afterDash = false;
    }

    private void Nested(Action content)
    {
        _depth++;
        content();
        _depth--;
    }

    private void Key(string name)
    {
        if (!_afterDash)
            _text.Append(' ', 2 * _depth);
        _afterDash = false;
        _text.Append(name).Append(':');
    }

    private string Scalar(string value)
    {
        if (IsPlainSafe(value))
            return value;
        return IsBlockSafe(value) ? Block(value) : Quoted(value);
    }

    /// <summary>Matches words that every YAML version reads as text.</summary>
    private static bool IsPlainSafe(string value)
    {
        if (value.Length == 0 || !(char.IsAsciiLetter(value[0]) || value[0] is '/' or '.') || value[^1] is ' ' or ':')
            return false;
        if (value is "." or "..")
            return false;
        foreach (var c in value)
            if (!char.IsAsciiLetterOrDigit(c) && c is not (' ' or '_' or '-' or '.' or '/' or ':' or '@' or '+' or '=' or '$' or ';' or '(' or ')'))
                return false;
        return !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal) && !IsWord(value);
    }

    private static bool IsWord(string value) => value.ToUpperInvariant() is
        "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N" or "NULL" or "NAN" or ".NAN" or ".INF" or "INFINITY"
        || double.TryParse(value, NumberStyles.Any, CultureInfo.InvariantCulture, out _);

    private static bool IsBlockSafe(string value) =>
        value.Contains('\n') && value[0] is not (' ' or '\t' or '\n') && !value.Contains('\r')
        && value.All(c => c == '\n' || c == '\t' || (c >= ' ' && c < '\x7F'))
        && value.Split('\n').All(line => line.Length == 0 || (line[^1] is not (' ' or '\t') && line[0] != '\t'));

    private string Block(string value)
    {
        var trailing = value.Length - value.TrimEnd('\n').Length;
        var block = new StringBuilder(trailing switch { 0 => "|-", 1 => "|", _ => "|+" });
        foreach (var line in value[..^(trailing == 0 ? 0 : 1)].Split('\n'))
        {
            block.Append('\n');
            if (line.Length > 0)
                block.Append(' ', 2 * (_depth + 1)).Append(line);
        }
        return block.ToString();
    }

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\x7F' or (> '\x7F' and < '\xA1') or '\u2028' or '\u2029' or '\uFEFF' or > '\uFFFD' =>
                    text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        return text.Append('"').ToString();
    }
}
