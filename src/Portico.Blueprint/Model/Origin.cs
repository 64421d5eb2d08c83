using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Model;

/// <summary>
/// Where a part of the model stands in the text: for messages only. Two origins are always equal, because
/// where something was written is no part of what it says. The default value means "not from a file".
/// </summary>
public readonly struct Origin : IEquatable<Origin>
{
    private readonly YamlNode? _node;
    private readonly NodePath? _path;

    internal Origin(YamlNode node, NodePath path)
    {
        _node = node;
        _path = path;
    }

    /// <summary>Counted from 1; 0 when not from a file.</summary>
    public int Line => _node?.Line ?? 0;

    /// <summary>Counted from 1; 0 when not from a file.</summary>
    public int Column => _node?.Column ?? 0;

    /// <summary>For example <c>services[0].envVars[2]</c>.</summary>
    public string Path => _path?.ToString() ?? "";

    /// <summary>The origin of a field of this mapping, or this one when the field is not there.</summary>
    public Origin At(string field)
    {
        if (_node is not YamlMap map || map.Find(field) is not { } entry)
            return this;
        return new Origin(entry.Key, _path!.Child(field));
    }

    internal bool Has(string field) => _node is YamlMap map && map.Find(field) is { Value: not YamlScalar { IsNull: true } };

    /// <summary>As <see cref="At"/>, but the value of the field, so that its fields can be found in turn.</summary>
    public Origin Into(string field)
    {
        if (_node is not YamlMap map || map.Find(field) is not { } entry)
            return this;
        return new Origin(entry.Value, _path!.Child(field));
    }

    public bool Equals(Origin other) => true;

    public override bool Equals(object? obj) => obj is Origin;

    public override int GetHashCode() => 0;

    public static bool operator ==(Origin left, Origin right) => left.Equals(right);

    public static bool operator !=(Origin left, Origin right) => !left.Equals(right);

    public override string ToString() => Path;
}
