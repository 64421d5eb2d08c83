using System.Globalization;

namespace Portico.Blueprint.Syntax;

/// <summary>The file as written, with positions, after anchors and merge keys are resolved.</summary>
internal abstract class YamlNode(int line, int column)
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Counted from 1.</summary>
    public int Column { get; } = column;

    /// <summary>The number of nodes in this subtree with aliases expanded; saturates instead of overflowing.</summary>
    public long Weight { get; protected set; } = 1;

    public abstract string Kind { get; }
}

internal sealed class YamlScalar(int line, int column, string text, bool quoted) : YamlNode(line, column)
{
    /// <summary>The text exactly as written, without quotes: <c>1.10</c> stays <c>1.10</c>.</summary>
    public string Text { get; } = text;

    /// <summary>Whether the value is certainly text: quoted, a block, or tagged as a string.</summary>
    public bool Quoted { get; } = quoted;

    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public bool IsBoolean => !Quoted && Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    public bool IsNumber => !Quoted && Text.Length > 0 && (char.IsAsciiDigit(Text[^1]) || Text[^1] == '.')
        && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    public override string Kind => IsNull ? "nothing" : IsBoolean ? "a boolean" : IsNumber ? "a number" : "text";
}

internal sealed class YamlList(int line, int column) : YamlNode(line, column)
{
    public List<YamlNode> Items { get; } = [];

    public override string Kind => "a list";

    public void Add(YamlNode item)
    {
        Items.Add(item);
        Weight = Math.Min(Weight + item.Weight, int.MaxValue);
    }
}

internal readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);

internal sealed class YamlMap(int line, int column) : YamlNode(line, column)
{
    // A Blueprint may have many small mappings, so only large ones get an index.
    private const int MostWithoutIndex = 16;

    private Dictionary<string, int>? _index;

    public List<YamlEntry> Entries { get; } = [];

    public override string Kind => "a mapping";

    public YamlEntry? Find(string key) => PlaceOf(key) is >= 0 and var at ? Entries[at] : null;

    /// <summary>Adds an entry; returns false without adding it when the key exists.</summary>
    public bool TryAdd(YamlScalar key, YamlNode value)
    {
        if (PlaceOf(key.Text) >= 0)
            return false;
        if (Entries.Count == MostWithoutIndex)
            _index = Entries.Select((entry, at) => (entry.Key.Text, at)).ToDictionary(StringComparer.Ordinal);
        _index?.Add(key.Text, Entries.Count);
        Entries.Add(new YamlEntry(key, value));
        Weight = Math.Min(Weight + 1 + value.Weight, int.MaxValue);
        return true;
    }

    private int PlaceOf(string key)
    {
        if (_index is not null)
            return _index.GetValueOrDefault(key, -1);
        for (var i = 0; i < Entries.Count; i++)
            if (Entries[i].Key.Text == key)
                return i;
        return -1;
    }
}
