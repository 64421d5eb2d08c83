using System.Globalization;

namespace Portico.ControlPlane.Sources;

/// <summary>A file that a path of a commit leads to, through symbolic links as far as these stay inside the repository.</summary>
/// <param name="Object">The id of its content.</param>
internal sealed record TreeFile(string Object, long Bytes)
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <param name="repository">The path of the repository.</param>
    /// <returns>Null if there is no file: nothing is there, or a link leads outside, in a circle or to nothing.</returns>
    public static async Task<TreeFile?> FindAsync(string repository, string commit, string path, CancellationToken cancellationToken)
    {
        var left = new Stack<string>(PartsOf(path));
        var here = new Stack<string>();
        for (var links = 0; left.TryPop(out var part);)
        {
            if (part == "..")
            {
                if (!here.TryPop(out _))
                    return null;
                continue;
            }
            here.Push(part);
            var (mode, id, bytes) = await EntryAsync(repository, commit, string.Join('/', here.Reverse()), cancellationToken);
            switch (mode)
            {
                case "040000":
                    continue;
                case "120000" when ++links <= MostLinks:
                    var target = await GitCommand.RunAsync(repository, ["cat-file", "blob", id], cancellationToken);
                    if (target.StartsWith('/'))
                        return null;
                    here.Pop();
                    foreach (var step in PartsOf(target))
                        left.Push(step);
                    continue;
                case "100644" or "100755" when left.Count == 0:
                    return new TreeFile(id, bytes);
                default:
                    return null;
            }
        }
        return null;
    }

    /// <summary>The last part first, as a stack takes them.</summary>
    private static IEnumerable<string> PartsOf(string path) => path.Split('/').Where(part => part is not ("" or ".")).Reverse();

    private static async Task<(string Mode, string Object, long Bytes)> EntryAsync(
        string repository, string commit, string path, CancellationToken cancellationToken)
    {
        var listing = await GitCommand.RunAsync(repository, ["ls-tree", "--long", "-z", "--full-tree", commit, "--", path], cancellationToken);
        var entry = listing.Split(['\0', '\t', ' '], StringSplitOptions.RemoveEmptyEntries);
        return entry.Length < 4 ? ("", "", 0) : (entry[0], entry[2], long.TryParse(entry[3], CultureInfo.InvariantCulture, out var bytes) ? bytes : 0);
    }
}
