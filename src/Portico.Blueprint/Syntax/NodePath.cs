using System.Text;

namespace Portico.Blueprint.Syntax;

/// <summary>A place in the tree, converted to text only when a message needs it.</summary>
internal sealed class NodePath
{
    public static readonly NodePath Root = new(null, null, 0);

    private readonly NodePath? _parent;
    private readonly string? _key;
    private readonly int _index;

    private NodePath(NodePath? parent, string? key, int index)
    {
        _parent = parent;
        _key = key;
        _index = index;
    }

    public NodePath Child(string key) => new(this, key, 0);

    public NodePath Child(int index) => new(this, null, index);

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        if (_parent is null)
            return;
        _parent.Append(text);
        if (_key is null)
            text.Append('[').Append(_index).Append(']');
        else
            text.Append(text.Length > 0 ? "." : "").Append(Shorten(_key));
    }

    private static string Shorten(string key) => key.Length <= 64 ? key : string.Concat(key.AsSpan(0, 61), "...");
}
