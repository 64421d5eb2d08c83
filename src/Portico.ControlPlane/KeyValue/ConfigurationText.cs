using System.Globalization;
using System.Text;

namespace Portico.ControlPlane.KeyValue;

/// <summary>Writes <c>redis.conf</c>: one <c>name "value"</c> per line, escaped as the server's <c>sdssplitargs</c> reads it.</summary>
internal sealed class ConfigurationText
{
    private readonly StringBuilder _text = new();

    public ConfigurationText Set(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    public ConfigurationText Set(string name, string value)
    {
        _text.Append(name).Append(" \"");
        foreach (var unit in Encoding.UTF8.GetBytes(value))
            AppendEscaped(unit);
        _text.Append("\"\n");
        return this;
    }

    public override string ToString() => _text.ToString();

    private void AppendEscaped(byte unit)
    {
        if (unit is (byte)'"' or (byte)'\\')
            _text.Append('\\').Append((char)unit);
        else if (unit is >= 0x20 and < 0x7F)
            _text.Append((char)unit);
        else
            _text.Append(CultureInfo.InvariantCulture, $"\\x{unit:x2}");
    }
}
