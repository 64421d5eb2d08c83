using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Resolves paths in a directory that strangers wrote, as the kernel does, but name by name. Nothing outside of the directory is looked
/// at, wherever its links lead, so those who made them reach no file of the machine with the engine's rights, and do not learn which exist.
/// </summary>
/// <param name="root">The directory's real path.</param>
/// <param name="aliases">Other paths of the directory, by which links may lead into it.</param>
internal sealed class ContainedTree(string root, IReadOnlyList<string> aliases)
{
    /// <summary>As many links as the kernel follows in one path.</summary>
    private const int MostLinks = 40;

    private readonly HashSet<string> _directories = [root];

    public string Root => root;

    /// <param name="directory">The real path of a directory in the tree.</param>
    /// <param name="path">A path that starts there.</param>
    public ContainedTarget Resolve(string directory, string path)
    {
        var (current, links) = (directory, 0);
        var pending = new Stack<string>();
        Push(pending, path);
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                if (current == root)
                    return new ContainedTarget.Outside();
                current = Path.GetDirectoryName(current)!;
                continue;
            }
            var next = $"{current}/{name}";
            switch (_directories.Contains(next) ? FileKind.Directory : Libc.KindOf(next))
            {
                case FileKind.Directory:
                    _directories.Add(current = next);
                    break;
                case FileKind.Link when ++links <= MostLinks && Libc.LinkTarget(next) is { } target:
                    if (Path.IsPathRooted(target))
                    {
                        if (FromRoot(target) is not { } rest)
                            return new ContainedTarget.Outside();
                        (current, target) = (root, rest);
                    }
                    Push(pending, target);
                    break;
                case FileKind.Other when pending.Count == 0:
                    return new ContainedTarget.Inside(next, IsDirectory: false);
                default:
                    return new ContainedTarget.Missing();
            }
        }
        return new ContainedTarget.Inside(current, IsDirectory: true);
    }

    private string? FromRoot(string target) =>
        aliases.Prepend(root).Where(alias => ContainedPath.IsInside(alias, target)).Select(alias => target[Math.Min(alias.Length, target.Length)..]).FirstOrDefault();

    private static void Push(Stack<string> pending, string path)
    {
        foreach (var name in path.Split('/').Where(name => name is not ("" or ".")).Reverse())
            pending.Push(name);
    }
}

/// <summary>Where a path in a <see cref="ContainedTree"/> leads.</summary>
internal abstract record ContainedTarget
{
    private ContainedTarget() { }

    /// <param name="Path">Its path without links.</param>
    public sealed record Inside(string Path, bool IsDirectory) : ContainedTarget;

    /// <summary>Out of the tree. Whether there is something was not tried.</summary>
    public sealed record Outside : ContainedTarget;

    /// <summary>To nothing, or in a circle.</summary>
    public sealed record Missing : ContainedTarget;
}
