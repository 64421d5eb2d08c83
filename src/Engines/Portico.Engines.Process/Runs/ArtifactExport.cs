using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Sandboxes;
using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Copies a directory out of an artifact. It reads with the account's rights, in its sandbox, and follows links there; it writes with
/// the engine's rights. The result contains only plain files and directories, and none from outside of the artifact.
/// </summary>
internal static class ArtifactExport
{
    /// <returns>The symbolic links that were left out.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string artifact, string path, string destination, WorkloadTools tools, DiskReserve reserve, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(artifact))
            throw new ArtifactException("The artifact does not exist. It was deleted, or its build failed.");
        var view = tools.NewView();
        view.ShowTree(artifact, writable: false);
        IReadOnlyList<string> aliases = [artifact, view.Show(artifact, SandboxPaths.Source)];
        var (source, problem) = ContainedPath.Resolve(artifact, path, aliases);
        if (source is null)
            throw new ArtifactException(problem!);
        var tree = new ContainedTree(RealPath.Resolve(artifact)!, aliases);
        // A million files take seconds.
        var links = await Task.Run(() => ExportLinks.Find(tree, source, cancellationToken), cancellationToken);
        var reader = new ArtifactReader(tools, tools.Identities.HolderOf(artifact), view, source);
        var leaving = await reader.ExistingAsync(links.Outside, cancellationToken);
        ExportLinks.RefuseOutside(leaving);
        IReadOnlyList<ExportedLink> leftOut = [.. links.Missing.Concat(links.Outside).OrderBy(link => link.Name, StringComparer.Ordinal)];
        await CopyAsync(reader, leftOut, path, destination, reserve, cancellationToken);
        return [.. leftOut.Select(link => link.ToString())];
    }

    private static async Task CopyAsync(
        ArtifactReader reader, IReadOnlyList<ExportedLink> leftOut, string path, string destination, DiskReserve reserve, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(destination);
        try
        {
            var error = await reader.ReadAsync(leftOut, tar => PlainFiles.ExtractAsync(tar, destination, new CountedWriting(reserve), cancellationToken), cancellationToken);
            if (error is not null)
                throw new ArtifactException($"'{path}' could not be copied: {error}");
        }
        catch (DiskReserveException exception)
        {
            throw new ArtifactException($"'{path}' does not fit on the disk. {exception.Message}", exception);
        }
    }
}
