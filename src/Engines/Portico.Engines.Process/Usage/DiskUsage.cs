using System.IO.Enumeration;

namespace Portico.Engines.Process.Usage;

/// <summary>Measures the files below a directory of a user. It does not follow links.</summary>
internal static class DiskUsage
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = 0,
    };

    public static long? Measure(string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            return null;
        var files = new FileSystemEnumerable<long>(directory, static (ref entry) => entry.Length, Everything)
        {
            ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory && !IsLink(ref entry),
            ShouldRecursePredicate = static (ref entry) => !IsLink(ref entry),
        };
        var bytes = 0L;
        foreach (var length in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes += length;
        }
        return bytes;
    }

    /// <returns>Null if the file system no longer exists.</returns>
    public static long? OfFilesystem(string directory)
    {
        try
        {
            var filesystem = new DriveInfo(directory);
            return filesystem.TotalSize - filesystem.TotalFreeSpace;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
