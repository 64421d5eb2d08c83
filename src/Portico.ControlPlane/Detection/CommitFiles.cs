using System.Text;
using Portico.ControlPlane.Sources;
using Portico.Core.Detection.Files;

namespace Portico.ControlPlane.Detection;

/// <summary>Shows the files of a commit to the detector. Symbolic links and submodules are left out.</summary>
internal static class CommitFiles
{
    private const int Deepest = 10, MostEntries = 4 * ProjectTree.MostFiles;

    /// <exception cref="GitException">git cannot list them.</exception>
    public static async Task<ProjectTree> ReadAsync(SourceStore store, string repository, string commit, CancellationToken cancellationToken)
    {
        var files = (await TreeEntry.ListAsync(store.GitOf(repository), commit, MostEntries, cancellationToken))
            .Where(entry => entry.IsFile && IsOwn(entry.Path)).ToDictionary(entry => entry.Path, entry => entry.Object, StringComparer.Ordinal);
        return new ProjectTree(files.Keys, path => Read(store, repository, files[path], cancellationToken));
    }

    private static bool IsOwn(string path)
    {
        var parts = path.Split('/');
        return parts.Length <= Deepest + 1 && !parts[..^1].Any(ForeignDirectories.Has);
    }

    /// <summary>The detector asks for a file where it needs one, so its thread waits for git.</summary>
    private static string? Read(SourceStore store, string repository, string id, CancellationToken cancellationToken) =>
        store.ReadObjectAsync(repository, id, ProjectTree.LongestText, cancellationToken).GetAwaiter().GetResult() is { } content
            ? Encoding.UTF8.GetString(content) : null;
}
