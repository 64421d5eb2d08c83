using System.Text;

namespace Portico.ControlPlane.Sources;

/// <summary>A file that a path of a commit leads to, through symbolic links as far as these stay inside the repository.</summary>
/// <param name="Object">The id of its content.</param>
internal sealed record TreeFile(string Object, long Bytes)
{
    /// <summary>As many, and of as many bytes, as Linux follows.</summary>
    private const int MostLinks = 40, LongestLink = 4096;

    /// <returns>Null if there is no file: nothing is there, or a link leads outside, in a circle or to nothing.</returns>
    public static async Task<TreeFile?> FindAsync(
        GitObjects objects, GitRepository repository, string commit, string path, CancellationToken cancellationToken)
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
            if (await EntryAsync(objects, repository, commit, string.Join('/', here.Reverse()), part, cancellationToken) is not { } entry)
                return null;
            if (entry.IsDirectory)
            {
                here.Push(part);
                continue;
            }
            if (await objects.FindAsync(repository, entry.Object, cancellationToken) is not { } found)
                return null;
            if (entry.IsFile)
                return left.Count == 0 ? new TreeFile(found.Id, found.Bytes) : null;
            if (!entry.IsLink || ++links > MostLinks || found.Bytes > LongestLink || await objects.ReadAsync(repository, found.Id, cancellationToken) is not { } link)
                return null;
            var target = Encoding.UTF8.GetString(link);
            if (target.StartsWith('/'))
                return null;
            foreach (var step in PartsOf(target))
                left.Push(step);
        }
        return null;
    }

    /// <summary>The last part first, as a stack takes them.</summary>
    private static IEnumerable<string> PartsOf(string path) => path.Split('/').Where(part => part is not ("" or ".")).Reverse();

    private static async Task<TreeItem?> EntryAsync(
        GitObjects objects, GitRepository repository, string commit, string directory, string name, CancellationToken cancellationToken) =>
        await objects.ReadAsync(repository, $"{commit}:{directory}", cancellationToken) is { } tree
            ? TreeItem.Find(tree, Encoding.UTF8.GetBytes(name), commit.Length / 2) : null;
}
