using System.Text;

namespace Portico.ControlPlane.Sources;

/// <summary>An entry in the content of one tree object.</summary>
/// <remarks>The content is a sequence of MODE, a space, NAME, a zero byte, and the id in binary.</remarks>
/// <param name="Mode">The mode, in Git's octal digits.</param>
internal sealed record TreeItem(string Mode, string Object)
{
    /// <summary>Old tools have written a leading zero.</summary>
    public bool IsDirectory => Mode.TrimStart('0') == "40000";

    public bool IsFile => Mode.StartsWith("100", StringComparison.Ordinal);

    public bool IsLink => Mode == "120000";

    /// <param name="idBytes">The length of ids: 20, or 32 with SHA-256.</param>
    public static TreeItem? Find(ReadOnlySpan<byte> tree, ReadOnlySpan<byte> name, int idBytes)
    {
        while (!tree.IsEmpty)
        {
            var (space, end) = (tree.IndexOf((byte)' '), tree.IndexOf((byte)0));
            if (space < 0 || end < space || tree.Length <= end + idBytes)
                return null;
            if (tree[(space + 1)..end].SequenceEqual(name))
                return new TreeItem(Encoding.ASCII.GetString(tree[..space]), Convert.ToHexStringLower(tree.Slice(end + 1, idBytes)));
            tree = tree[(end + 1 + idBytes)..];
        }
        return null;
    }
}
