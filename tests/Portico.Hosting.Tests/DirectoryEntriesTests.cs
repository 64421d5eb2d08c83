namespace Portico.Hosting.Tests;

public sealed class DirectoryEntriesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-entries-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Lists_files_and_directories_by_pattern_and_depth()
    {
        Directory.CreateDirectory(Path.Combine(_root, "a", "inner"));
        File.WriteAllText(Path.Combine(_root, "one.json"), "");
        File.WriteAllText(Path.Combine(_root, "a", "two.json"), "");

        Assert.Equal([Path.Combine(_root, "a")], DirectoryEntries.Directories(_root));
        Assert.Equal([Path.Combine(_root, "a", "inner")], DirectoryEntries.Directories(_root, "in*", SearchOption.AllDirectories));
        Assert.Equal([Path.Combine(_root, "one.json")], DirectoryEntries.Files(_root));
        Assert.Empty(DirectoryEntries.Files(_root, "*.txt"));
        Assert.Equal(2, DirectoryEntries.Files(_root, "*.json", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_directory_that_does_not_exist_has_no_entries()
    {
        Assert.Empty(DirectoryEntries.Directories(Path.Combine(_root, "gone")));
        Assert.Empty(DirectoryEntries.Files(Path.Combine(_root, "gone", "too")));
    }

    [Fact]
    public async Task A_directory_may_disappear_while_it_is_listed()
    {
        var changing = Path.Combine(_root, "changing");
        var reading = Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
                _ = DirectoryEntries.Directories(_root, "*", SearchOption.AllDirectories).Concat(DirectoryEntries.Files(changing)).Count();
        }, TestContext.Current.CancellationToken);

        while (!reading.IsCompleted)
        {
            Directory.CreateDirectory(Path.Combine(changing, "inner"));
            Directory.Delete(changing, recursive: true);
        }

        await reading;
    }
}
