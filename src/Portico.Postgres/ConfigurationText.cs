using System.Globalization;
using System.Text;

namespace Portico.Postgres;

/// <summary>Writes <c>postgresql.conf</c>: one <c>name = 'value'</c> per line, quoted as the server reads it.</summary>
internal sealed class ConfigurationText
{
    private readonly StringBuilder _text = new();

    public ConfigurationText Set(string name, int value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="ArgumentException">The value has a line break or another control character, which no setting of ours needs.</exception>
    public ConfigurationText Set(string name, string value)
    {
        if (value.Any(char.IsControl))
            throw new ArgumentException($"The value of {name} contains a control character.", nameof(value));
        var quoted = value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        _text.Append(name).Append(" = '").Append(quoted).Append("'\n");
        return this;
    }

    public override string ToString() => _text.ToString();
}
