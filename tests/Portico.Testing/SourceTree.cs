namespace Portico.Testing;

/// <summary>Where the repository is, for tests that read its files.</summary>
public static class SourceTree
{
    /// <summary>The folder of <c>Portico.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Portico.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No Portico.slnx above {AppContext.BaseDirectory}.");
    }
}
