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
    public static async Task RunAsync(string artifact, string path, string destination, Account account, DiskReserve reserve, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(artifact))
            throw new ArtifactException("The artifact does not exist. It was deleted, or its build failed.");
        var (source, problem) = ContainedPath.Resolve(artifact, path);
        if (source is null)
            throw new ArtifactException(problem!);
        CheckLinks(RealPath.Resolve(artifact)!, source, source);
        Directory.CreateDirectory(destination);
        using var tar = Tool.Start([.. account.Prefix, "tar", "-C", source, "--hard-dereference", $"--exclude=./{CheckoutRepository.DirectoryName}", "-chf", "-", "."], "/", new Dictionary<string, string>());
        var error = tar.StandardError.ReadToEndAsync(cancellationToken);
        await ExtractAsync(tar.StandardOutput.BaseStream, path, destination, reserve, cancellationToken);
        await tar.WaitForExitAsync(cancellationToken);
        if (tar.ExitCode != 0)
            throw new ArtifactException($"'{path}' could not be copied: {(await error).Trim()}");
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

    private static void CheckLinks(string artifact, string root, string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (directory == root && entry.Name == CheckoutRepository.DirectoryName)
                continue;
            if (entry.LinkTarget is not null)
                CheckLink(artifact, root, entry);
            else if (entry is DirectoryInfo)
                CheckLinks(artifact, root, entry.FullName);
        }
    }

    private static void CheckLink(string artifact, string root, FileSystemInfo link)
    {
        var name = Path.GetRelativePath(root, link.FullName);
        var target = RealPath.Resolve(link.FullName) ?? throw new ArtifactException($"'{name}' is a symbolic link to a file that does not exist.");
        if (!ContainedPath.IsInside(artifact, target))
            throw new ArtifactException($"'{name}' is a symbolic link that leaves the repository.");
        if (Directory.Exists(target) && ContainedPath.IsInside(target, link.FullName))
            throw new ArtifactException($"'{name}' is a symbolic link to a directory that it lies in.");
    }
}
