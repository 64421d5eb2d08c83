using System.Formats.Tar;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Copies a directory out of an artifact. It reads with the account's rights and follows links, and writes with the engine's
/// rights. The result contains only plain files, and none from outside of the artifact.
/// </summary>
internal static class ArtifactExport
{
    /// <returns>The symbolic links that were left out.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string artifact, string path, string destination, Account account, DiskReserve reserve, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(artifact))
            throw new ArtifactException("The artifact does not exist. It was deleted, or its build failed.");
        var (source, problem) = ContainedPath.Resolve(artifact, path);
        if (source is null)
            throw new ArtifactException(problem!);
        var dangling = ExportLinks.Check(RealPath.Resolve(artifact)!, source);
        Directory.CreateDirectory(destination);
        using var tar = Tool.Start([.. account.Prefix, "tar", "-C", source, "--hard-dereference", $"--exclude=./{CheckoutRepository.DirectoryName}", "--anchored", "--no-wildcards", .. dangling.Select(link => $"--exclude=./{link.Name}"), "-chf", "-", "."], "/", new Dictionary<string, string>());
        var error = tar.StandardError.ReadToEndAsync(cancellationToken);
        await ExtractAsync(tar.StandardOutput.BaseStream, path, destination, reserve, cancellationToken);
        await tar.WaitForExitAsync(cancellationToken);
        if (tar.ExitCode != 0)
            throw new ArtifactException($"'{path}' could not be copied: {(await error).Trim()}");
        return [.. dangling.Select(link => $"/{link.Name} (to {link.Target})")];
    }

    private static async Task ExtractAsync(Stream tar, string path, string destination, DiskReserve reserve, CancellationToken cancellationToken)
    {
        try
        {
            await using var counted = new CountedStream(tar, new CountedWriting(reserve));
            await TarFile.ExtractToDirectoryAsync(counted, destination, overwriteFiles: true, cancellationToken);
        }
        catch (DiskReserveException exception)
        {
            throw new ArtifactException($"'{path}' does not fit on the disk. {exception.Message}", exception);
        }
    }
}
