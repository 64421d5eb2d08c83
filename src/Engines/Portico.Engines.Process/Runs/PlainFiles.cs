using System.Formats.Tar;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Writes the files and directories of a tar file that hostile content may have made, and nothing else of it: links, pipes and devices,
/// owners, modes and times are left out. As the directory was empty and gets no link, a checked name cannot lead out of it.
/// </summary>
internal static class PlainFiles
{
    /// <param name="directory">A new directory, which only the engine can change.</param>
    /// <exception cref="ArtifactException">A name leaves the directory, or there are too many.</exception>
    /// <exception cref="DiskReserveException">The files do not fit on the disk.</exception>
    public static async Task ExtractAsync(Stream tar, string directory, CountedWriting writing, CancellationToken cancellationToken)
    {
        await using var counted = new CountedStream(tar, writing);
        await using var reader = new TarReader(counted, leaveOpen: true);
        var entries = 0;
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (++entries > ExportLinks.MostEntries)
                throw new ArtifactException($"The directory has more than {ExportLinks.MostEntries:N0} files.");
            if (entry.EntryType is TarEntryType.Directory)
                Directory.CreateDirectory(PathOf(directory, entry.Name));
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
                await WriteAsync(entry.DataStream, PathOf(directory, entry.Name), cancellationToken);
        }
    }

    private static async Task WriteAsync(Stream? data, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        if (data is not null)
            await data.CopyToAsync(file, cancellationToken);
    }

    private static string PathOf(string directory, string name)
    {
        var path = Path.GetFullPath(Path.Combine(directory, name));
        return ContainedPath.IsInside(directory, path) ? path : throw new ArtifactException($"'{name}' leaves the directory that is copied.");
    }
}
