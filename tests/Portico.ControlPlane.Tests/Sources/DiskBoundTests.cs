using System.Diagnostics;
using System.Security.Cryptography;
using Portico.ControlPlane.Sources;
using Portico.Hosting;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>What git writes counts against the disk's reserve, although nobody knows its size before.</summary>
public sealed class DiskBoundTests : IAsyncLifetime
{
    // Git needs long for the file, the disk has room for all of it, and the reserve is touched early: that git is ended is no race.
    private const int DiskMegabytes = 220, ReserveMegabytes = 190, FileMegabytes = 130;
    private const string Workspace = "tea-1";

    private readonly string _root = Directory.CreateTempSubdirectory("portico-bound-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Disk => Path.Combine(_root, "disk");

    private string Repository => Path.Combine(_root, "large.git");

    public async ValueTask InitializeAsync()
    {
        var isRoot = Environment.IsPrivilegedProcess;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(isRoot, "A small disk needs root.");
        Assert.SkipUnless(isRoot, "A small disk needs root.");
        Directory.CreateDirectory(Disk);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={DiskMegabytes}m", "portico-test", Disk);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Disk))
            await RunAsync("umount", "--lazy", Disk);
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_fetch_is_ended_before_the_reserve_is_used_up_and_leaves_nothing()
    {
        await MakeRepositoryAsync();
        var store = Store();

        var refused = await Assert.ThrowsAsync<GitException>(() => store.FetchAsync("remote-1.git", null, GitRemote.Local(Repository), Token));

        Assert.Contains("PORTICO_MIN_FREE_DISK_MEGABYTES", refused.Message, StringComparison.Ordinal);
        AssertClean(store.PathOf("remote-1.git"));
    }

    [Fact]
    public async Task An_upload_is_unpacked_within_the_reserve_too()
    {
        var commit = await MakeRepositoryAsync();
        var bundle = Path.Combine(_root, "bundle");
        await RunAsync("git", "--git-dir", Repository, "bundle", "create", "--quiet", bundle, "refs/heads/main");
        var store = Store();
        await using var data = File.OpenRead(bundle);
        // The bundle itself is elsewhere, so that only what git unpacks is counted.
        var uploads = Directory.CreateDirectory(Path.Combine(_root, "elsewhere")).FullName;
        var path = store.PathOf(SourceStore.UploadsOf(Workspace));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateSymbolicLink(path, uploads);
        await RunAsync("git", "init", "--quiet", "--bare", "--template=", path);
        Directory.Delete(Path.Combine(uploads, "objects"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(uploads, "objects"), Directory.CreateDirectory(Path.Combine(Disk, "objects", "pack")).Parent!.FullName);

        await Assert.ThrowsAsync<DiskReserveException>(() => store.ImportAsync(Workspace, commit, data, _ => { }, Token));

        AssertClean(uploads);
        Assert.False(await store.ContainsAsync(SourceStore.UploadsOf(Workspace), commit, Token));
    }

    private SourceStore Store() => new(Path.Combine(Disk, "sources"), new DiskReserve(Disk, (long)ReserveMegabytes << 20), TimeProvider.System);

    private static void AssertClean(string repository)
    {
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(repository, "objects", "pack")));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(repository), entry => Path.GetFileName(entry).StartsWith("incoming-", StringComparison.Ordinal));
    }

    /// <returns>The commit at the tip of <c>main</c>.</returns>
    private async Task<string> MakeRepositoryAsync()
    {
        var tree = Directory.CreateDirectory(Path.Combine(_root, "tree")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(tree, "data"), RandomNumberGenerator.GetBytes(FileMegabytes << 20), Token);
        string[] here = ["-c", "core.compression=0", "-c", "user.name=t", "-c", "user.email=t@example.invalid", "--git-dir", Repository, "--work-tree", tree];
        await RunAsync("git", "init", "--quiet", "--bare", "--template=", "-b", "main", Repository);
        await RunAsync("git", [.. here, "add", "-A"]);
        await RunAsync("git", [.. here, "commit", "--quiet", "-m", "large"]);
        return (await RunAsync("git", [.. here, "rev-parse", "HEAD"])).Trim();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
