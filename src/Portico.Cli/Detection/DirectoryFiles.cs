using System.Text;
using Portico.Core.Detection.Files;
using Portico.Hosting;

namespace Portico.Cli.Detection;

/// <summary>Shows the files of a directory to the detector. Symbolic links are left out, so that nothing outside of the directory is read.</summary>
internal static class DirectoryFiles
{
    private const int Deepest = 10;

    public static ProjectTree Read(string directory) =>
        new(Paths(directory, directory, Deepest).Select(path => Path.GetRelativePath(directory, path)), path => ReadText(Path.Combine(directory, path)));

    private static IEnumerable<string> Paths(string root, string directory, int depth)
    {
        var (files, directories) = List(directory);
        foreach (var file in files.Where(IsOwn))
            yield return file;
        if (depth == 0)
            yield break;
        foreach (var inner in directories.Where(path => IsOwn(path) && !ForeignDirectories.Has(Path.GetFileName(path))))
            foreach (var file in Paths(root, inner, depth - 1))
                yield return file;
    }

    private static (string[] Files, string[] Directories) List(string directory)
    {
        try
        {
            return ([.. DirectoryEntries.Files(directory).Order(StringComparer.Ordinal)], [.. DirectoryEntries.Directories(directory).Order(StringComparer.Ordinal)]);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return ([], []);
        }
    }

    private static bool IsOwn(string path)
    {
        try
        {
            return !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static string? ReadText(string path)
    {
        try
        {
            // A pipe or device has no length, and reading it might never end.
            return new FileInfo(path).Length switch
            {
                0 => "",
                > ProjectTree.LongestText => null,
                _ => IsOwn(path) ? File.ReadAllText(path, Encoding.UTF8) : null,
            };
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }
}
