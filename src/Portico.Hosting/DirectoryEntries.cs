namespace Portico.Hosting;

/// <summary>
/// Lists directories that another thread, another process or the kernel may delete at any moment. Whether a directory exists is not
/// asked first: it can be gone when it is read.
/// </summary>
public static class DirectoryEntries
{
    /// <summary>Returns the paths of the subdirectories, in no order; none if the directory does not exist.</summary>
    public static string[] Directories(string directory) => Directories(directory, "*");

    public static string[] Directories(string directory, string pattern, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        List(() => Directory.GetDirectories(directory, pattern, depth));

    /// <summary>Returns the paths of the files, in no order; none if the directory does not exist.</summary>
    public static string[] Files(string directory) => Files(directory, "*");

    public static string[] Files(string directory, string pattern, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        List(() => Directory.GetFiles(directory, pattern, depth));

    private static string[] List(Func<string[]> read)
    {
        try
        {
            return read();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
