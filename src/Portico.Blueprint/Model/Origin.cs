using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Model;

/// <summary>
/// The place of a part of the model in the text, for messages only. Two origins are always equal, because
/// the place of a value is not part of its content. The default value means "not from a file".
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

    /// <summary>The path, for example <c>services[0].envVars[2]</c>.</summary>
    public string Path => _path?.ToString() ?? "";

    /// <summary>Returns the origin of a field of this mapping, or this origin when the field is missing.</summary>
    public Origin At(string field)
    {
        if (_node is not YamlMap map || map.Find(field) is not { } entry)
            return this;
        return new Origin(entry.Key, _path!.Child(field));
    }

    internal bool Has(string field) => _node is YamlMap map && map.Find(field) is { Value: not YamlScalar { IsNull: true } };

    /// <summary>Like <see cref="At"/>, but returns the origin of the field's value, so that its own fields can be found.</summary>
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
