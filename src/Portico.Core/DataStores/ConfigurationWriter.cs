using System.Globalization;
using System.Text;

namespace Portico.Core.DataStores;

/// <summary>Writes the configuration file of a data store's server: one setting per line. A value cannot end its quotes or its line.</summary>
public sealed class ConfigurationWriter
{
    private readonly Action<StringBuilder, string, string> _append;
    private readonly StringBuilder _text = new();

    private ConfigurationWriter(Action<StringBuilder, string, string> append) => _append = append;

    /// <summary><c>postgresql.conf</c>: <c>name = 'value'</c>.</summary>
    public static ConfigurationWriter ForPostgres() => new(AppendPostgres);

    /// <summary><c>redis.conf</c>: <c>name "value"</c>, escaped as the server's <c>sdssplitargs</c> reads it.</summary>
    public static ConfigurationWriter ForRedis() => new(AppendRedis);

    public ConfigurationWriter Set(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="ArgumentException">The file's syntax cannot express the value: PostgreSQL has no escape for control characters.</exception>
    public ConfigurationWriter Set(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _append(_text, name, value);
        return this;
    }

    /// <summary>A directive of <c>redis.conf</c> with several words, each in quotes of its own.</summary>
    public ConfigurationWriter SetWords(string name, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        _text.Append(name);
        foreach (var word in words)
            AppendWord(_text, word);
        _text.Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    private static void AppendPostgres(StringBuilder text, string name, string value)
    {
        if (value.Any(char.IsControl))
            throw new ArgumentException($"The value of {name} contains a control character.", nameof(value));
        var quoted = value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        text.Append(name).Append(" = '").Append(quoted).Append("'\n");
    }

    private static void AppendRedis(StringBuilder text, string name, string value)
    {
        text.Append(name);
        AppendWord(text, value);
        text.Append('\n');
    }

    private static void AppendWord(StringBuilder text, string word)
    {
        text.Append(" \"");
        foreach (var unit in Encoding.UTF8.GetBytes(word))
            AppendEscaped(text, unit);
        text.Append('"');
    }

    private static void AppendEscaped(StringBuilder text, byte unit)
    {
        if (unit is (byte)'"' or (byte)'\\')
            text.Append('\\').Append((char)unit);
        else if (unit is >= 0x20 and < 0x7F)
            text.Append((char)unit);
        else
            text.Append(CultureInfo.InvariantCulture, $"\\x{unit:x2}");
    }
}
