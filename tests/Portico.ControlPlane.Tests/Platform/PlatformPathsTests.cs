using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Tests.Platform;

public sealed class PlatformPathsTests : IDisposable
{
    private readonly PlatformPaths _paths = new(Directory.CreateTempSubdirectory("portico-paths-").FullName);

    /// <summary>All paths by property, except for the home itself and the settings, which are the user's.</summary>
    private IEnumerable<string> Paths => typeof(PlatformPaths).GetProperties()
        .Where(property => property.PropertyType == typeof(string) && property.Name is not (nameof(PlatformPaths.Home) or nameof(PlatformPaths.SettingsFile)))
        .Select(property => (string)property.GetValue(_paths)!);

    [Fact]
    public void Every_path_is_in_one_of_the_folders() => Assert.All(Paths, path => Assert.Contains(
        _paths.Folders, folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)));

    [Fact]
    public void Deleting_removes_every_folder_and_then_the_home()
    {
        foreach (var folder in _paths.Folders)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "inside")).FullName, "file"), "");

        _paths.DeleteAll();

        Assert.False(Directory.Exists(_paths.Home));
    }

    [Fact]
    public void The_users_settings_survive()
    {
        File.WriteAllText(_paths.SettingsFile, "");
        Directory.CreateDirectory(_paths.Metrics);

        _paths.DeleteAll();

        Assert.Equal([_paths.SettingsFile], Directory.EnumerateFileSystemEntries(_paths.Home));
    }

    public void Dispose()
    {
        if (Directory.Exists(_paths.Home))
            Directory.Delete(_paths.Home, recursive: true);
    }
}
