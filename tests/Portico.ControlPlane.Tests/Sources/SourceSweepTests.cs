using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Sources;

public sealed class SourceSweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repository_that_Git_cannot_read_keeps_its_files_of_Git_LFS_and_is_reported()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        var store = platform.Get<SourceStore>();
        var oid = new string('a', 64);
        string FileOf(string name) => Path.Combine(store.PathOf(SourceStore.HostedOf(platform.Workspace, name)), "lfs", "objects", "aa", "aa", oid);
        UploadedSource.CopyTo(store.PathOf(SourceStore.HostedOf(platform.Workspace, "b")));
        foreach (var name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(name))!);
            await File.WriteAllTextAsync(FileOf(name), "x", Token);
            File.SetLastWriteTimeUtc(FileOf(name), platform.Time.GetUtcNow().UtcDateTime.AddDays(-2));
        }
        var items = platform.Get<RetriesFactory>().Create("sweep", "removal of");

        await platform.Get<SourceSweep>().PruneFilesAsync(items, Token);

        Assert.Equal($"files in Git LFS of {SourceStore.HostedOf(platform.Workspace, "a")}", Assert.Single(items.Failing).Item);
        Assert.True(File.Exists(FileOf("a")));
        Assert.False(File.Exists(FileOf("b")));
    }

    [Fact]
    public async Task A_repository_that_Git_cannot_read_keeps_no_other_one_from_being_pruned()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        var store = platform.Get<SourceStore>();
        string PathOf(string name) => store.PathOf(SourceStore.HostedOf(platform.Workspace, name));
        foreach (var broken in (string[])["a", "c", "e"])
        {
            UploadedSource.CopyTo(PathOf(broken));
            await File.WriteAllTextAsync(Path.Combine(PathOf(broken), "HEAD"), "broken", Token);
        }
        foreach (var whole in (string[])["b", "d"])
            UploadedSource.CopyTo(PathOf(whole));
        var items = platform.Get<RetriesFactory>().Create("sweep", "removal of");

        await platform.Get<SourceSweep>().PruneAsync([UploadedSource.First], items, Token);

        Assert.Equal(3, items.Failing.Count);
        foreach (var whole in (string[])["b", "d"])
            Assert.Equal(
                $"refs/portico/{UploadedSource.First}",
                (await GitCommand.RunAsync(new GitRepository(PathOf(whole)), ["for-each-ref", "--format=%(refname)", "refs/portico/"], Token)).Trim());
    }
}
