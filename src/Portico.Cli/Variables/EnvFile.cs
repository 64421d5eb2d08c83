using System.Text;
using Portico.Cli.Hosting;

namespace Portico.Cli.Variables;

/// <summary>
/// Reads and writes <c>.env</c> files: <c>KEY=value</c> lines, with an optional <c>export</c>, comments, and quotes.
/// Between <c>'</c> everything is literal; between <c>"</c>, <c>\n</c>, <c>\r</c>, <c>\t</c>, <c>\"</c>, <c>\\</c> and <c>\$</c> are escapes.
/// Both can contain line breaks. References such as <c>$HOME</c> are not replaced.
/// </summary>
internal static class EnvFile
{
    /// <param name="name">The name of the file in messages.</param>
    /// <returns>The variables in the order of the file. A later line replaces an earlier one with the same key.</returns>
    /// <exception cref="CliException">A line is not a variable. Its content is not in the message, because it may be a secret.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text, string name)
    {
        var found = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var reader = new EnvFileReader(text.Replace("\r\n", "\n", StringComparison.Ordinal), name);
        while (reader.Read() is { } variable)
            found[variable.Key] = variable.Value;
        return found;
    }

    public static string Write(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in variables)
            text.Append(key).Append('=').Append(Quoted(value)).Append('\n');
        return text.ToString();
    }

    /// <summary>Prefers the quotes that every reader of such files understands in the same way.</summary>
    private static string Quoted(string value) =>
        value.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:@%+,=".Contains(letter, StringComparison.Ordinal)) ? value
        : !value.Contains('\'', StringComparison.Ordinal) && !value.Contains('\r', StringComparison.Ordinal) ? $"'{value}'"
        : $"\"{Escaped(value)}\"";

    private static string Escaped(string value) => string.Concat(value.Select(letter => letter switch
    {
        '\\' or '"' or '$' => $"\\{letter}",
        '\r' => "\\r",
        _ => letter.ToString(),
    }));
}
