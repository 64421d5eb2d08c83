using System.Text;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Sources;

public sealed class SourceStoreTests : IDisposable
{
    private const string Workspace = "tea-1";
    private static readonly string Uploads = SourceStore.UploadsOf(Workspace);

    private readonly string _directory = Directory.CreateTempSubdirectory("portico-sources-").FullName;
    private readonly SourceStore _store;

    public SourceStoreTests() => _store = new SourceStore(_directory, null, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("HEAD")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task What_is_no_commit_id_is_not_taken_for_one(string commit)
    {
        Assert.False(await _store.ContainsAsync(Uploads, commit, Token));
        await Assert.ThrowsAsync<GitException>(() => _store.ImportAsync(Workspace, commit, Stream.Null, Ignore, Token));
    }

    [Fact]
    public async Task An_upload_that_is_no_bundle_is_refused_and_leaves_nothing()
    {
        var commit = new string('a', 40);
        await Assert.ThrowsAsync<GitException>(() => _store.ImportAsync(Workspace, commit, new MemoryStream(Encoding.UTF8.GetBytes("no bundle")), Ignore, Token));
        Assert.False(await _store.ContainsAsync(Uploads, commit, Token));
        Assert.Empty(Directory.EnumerateFiles(_store.PathOf(Uploads), "incoming-*"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# v2 git bundle\n\n")]
    [InlineData("# v2 git bundle\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb refs/heads/main\n\nPACK")]
    [InlineData("# v2 git bundle\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa refs/heads/main\n\nJUNK")]
    public async Task An_upload_is_refused_by_its_header_and_read_no_further(string header)
    {
        var body = new MemoryStream(50 << 20);
        body.Write(Encoding.UTF8.GetBytes(header));
        body.SetLength(50 << 20);
        body.Position = 0;

        await Assert.ThrowsAsync<GitException>(() => _store.ImportAsync(Workspace, new string('a', 40), body, Ignore, Token));

        Assert.InRange(body.Position, 0, header.Length + 32);
        Assert.Empty(Directory.EnumerateFiles(_store.PathOf(Uploads), "incoming-*"));
    }

    [Fact]
    public async Task An_upload_stops_when_no_more_may_be_written_and_leaves_nothing()
    {
        var bundle = await BundleAsync();
        var counted = new List<long>();
        void Count(long bytes)
        {
            counted.Add(bytes);
            throw new Portico.Hosting.DiskReserveException("full");
        }

        await Assert.ThrowsAsync<Portico.Hosting.DiskReserveException>(() => _store.ImportAsync(Workspace, UploadedSource.Second, new MemoryStream(bundle), Count, Token));

        Assert.Single(counted);
        Assert.Empty(Directory.EnumerateFiles(_store.PathOf(Uploads), "incoming-*"));
        await _store.ImportAsync(Workspace, UploadedSource.Second, new MemoryStream(bundle), Ignore, Token);
        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.Second, Token));
        Assert.False(await _store.ContainsAsync(SourceStore.UploadsOf("tea-2"), UploadedSource.Second, Token));
    }

    [Fact]
    public async Task Only_what_lies_in_the_root_directory_changes_a_services_key()
    {
        UploadedSource.CopyTo(_store.PathOf(Uploads));
        Assert.Equal(await KeyAsync(UploadedSource.First, "web"), await KeyAsync(UploadedSource.Second, "./web/"));
        Assert.NotEqual(await KeyAsync(UploadedSource.First, "api"), await KeyAsync(UploadedSource.Second, "api"));
        Assert.NotEqual(await KeyAsync(UploadedSource.First, null), await KeyAsync(UploadedSource.Second, null));
        Assert.Null(await KeyAsync(UploadedSource.First, "missing"));
    }

    [Fact]
    public async Task A_filter_leaves_out_what_does_not_concern_the_service()
    {
        UploadedSource.CopyTo(_store.PathOf(Uploads));
        var settings = new SourceSettings(Filter: new BuildFilterSettings(null, ["api/**"]));
        Assert.Equal(
            await _store.KeyAsync(Uploads, UploadedSource.First, settings, Token),
            await _store.KeyAsync(Uploads, UploadedSource.Second, settings, Token));
    }

    [Fact]
    public async Task A_remote_branch_is_looked_up_and_fetched()
    {
        var remote = Path.Combine(_directory, "remote.git");
        UploadedSource.CopyTo(remote);
        var url = $"file://{remote}";
        var tip = await TipAsync(url);
        Assert.Equal(UploadedSource.Second, tip);
        Assert.Equal(tip, await FetchAsync(url, null));
        Assert.True(await _store.ContainsAsync(SourceStore.MirrorOf(url, Workspace), tip!, Token));
        await Assert.ThrowsAsync<GitException>(() => FetchAsync(url, "no-such-branch"));
    }

    [Fact]
    public async Task Many_may_fetch_from_one_remote_at_once()
    {
        var remote = Path.Combine(_directory, "remote.git");
        UploadedSource.CopyTo(remote);
        await GitCommand.RunAsync(new GitRepository(remote), ["update-ref", "refs/heads/older", UploadedSource.First], Token);
        var url = $"file://{remote}";
        var fetched = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => FetchAsync(url, number % 2 == 0 ? "main" : "older")));
        Assert.Equal(Enumerable.Range(0, 8).Select(number => number % 2 == 0 ? UploadedSource.Second : UploadedSource.First), fetched);
    }

    [Theory]
    [InlineData("ext::sh -c touch% {0}")]
    [InlineData("--upload-pack=touch {0}")]
    public async Task A_url_that_would_run_something_runs_nothing(string url)
    {
        var witness = Path.Combine(_directory, "witness");
        await Assert.ThrowsAsync<GitException>(() => FetchAsync(url.Replace("{0}", witness, StringComparison.Ordinal), null));
        Assert.False(File.Exists(witness));
    }

    [Theory]
    [InlineData("https://example.org/a", "https:http:ssh")]
    [InlineData("git@example.org:a/b", "https:http:ssh")]
    [InlineData("/srv/a.git", "https:http:ssh")]
    [InlineData("file:///srv/a.git", "file")]
    public void A_url_is_followed_in_its_own_way_alone(string url, string protocols) => Assert.Equal(protocols, GitCommand.ProtocolsFor(url));

    [Fact]
    public async Task A_directory_of_this_machine_is_not_taken_for_a_remote_and_git_connects_nowhere_unasked()
    {
        var remote = Path.Combine(_directory, "remote.git");
        UploadedSource.CopyTo(remote);
        await Assert.ThrowsAsync<GitException>(() => FetchAsync(remote, null));
        Assert.NotEqual(0, (await GitCommand.TryAsync(new GitRepository(remote), ["ls-remote", $"file://{remote}"], Token)).ExitCode);
    }

    [Theory]
    [InlineData("shallow.lock")]
    [InlineData("config.lock")]
    [InlineData("refs/portico/tip.lock")]
    public async Task A_lock_that_a_killed_process_left_stops_no_fetch(string file)
    {
        var remote = Path.Combine(_directory, "remote.git");
        UploadedSource.CopyTo(remote);
        var url = $"file://{remote}";
        await FetchAsync(url, null);
        var left = Path.Combine(_store.PathOf(SourceStore.MirrorOf(url, Workspace)), file);
        await File.WriteAllTextAsync(left, "", Token);

        Assert.Equal(UploadedSource.Second, await FetchAsync(url, null));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task A_lock_that_a_process_still_holds_is_left_to_it()
    {
        var remote = Path.Combine(_directory, "remote.git");
        UploadedSource.CopyTo(remote);
        var held = Path.Combine(remote, "shallow.lock");
        await File.WriteAllTextAsync(held, "", Token);
        // As a fetch that outlived its server looks: it waits for input for ever.
        using var fetch = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "git", ["--git-dir", remote, "fetch-pack", "--stdin", "--stateless-rpc", remote])
        { RedirectStandardInput = true })!;
        await GitLocks.RemoveStaleAsync(new GitRepository(remote), TimeProvider.System, Token);
        Assert.True(File.Exists(held));

        fetch.Kill(entireProcessTree: true);
        await fetch.WaitForExitAsync(Token);
        await GitLocks.RemoveStaleAsync(new GitRepository(remote), TimeProvider.System, Token);
        Assert.False(File.Exists(held));
    }

    [Fact]
    public async Task Mirrors_that_nobody_needs_are_removed_and_can_be_made_again()
    {
        var remote = Path.Combine(_directory, "remote.git");
        UploadedSource.CopyTo(remote);
        var (url, other) = ($"file://{remote}", $"file://localhost{remote}");
        var commit = await FetchAsync(url, null);
        await FetchAsync(other, null);
        Assert.True(await _store.ContainsAsync(SourceStore.MirrorOf(url, Workspace), commit, Token));

        Assert.Equal(2, _store.Mirrors().Count);
        await _store.RemoveMirrorAsync(SourceStore.MirrorOf(url, Workspace), Token);
        await _store.FinishRemovalsAsync(Token);

        Assert.Equal([SourceStore.MirrorOf(other, Workspace)], Directory.GetDirectories(_directory).Select(path => Path.GetFileName(path)).Except(["remote.git"]));
        await TipAsync(url);
        Assert.False(await _store.ContainsAsync(SourceStore.MirrorOf(url, Workspace), commit, Token));
        Assert.Equal(commit, await FetchAsync(url, null));
        Assert.True(await _store.ContainsAsync(SourceStore.MirrorOf(url, Workspace), commit, Token));
    }

    [Fact]
    public async Task Commits_that_nobody_needs_are_pruned_and_those_just_asked_for_stay()
    {
        UploadedSource.CopyTo(_store.PathOf(Uploads));
        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.First, Token));
        await _store.PruneAsync(Uploads, new HashSet<string>(), Token);
        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.First, Token));
        Assert.False(await new SourceStore(_directory, null, TimeProvider.System).ContainsAsync(Uploads, UploadedSource.Second, Token));
    }

    [Fact]
    public async Task A_first_upload_that_is_still_arriving_is_no_repository_to_prune()
    {
        Directory.CreateDirectory(_store.PathOf(Uploads));
        Assert.Equal([Uploads], _store.WithOwnCommits());

        await _store.PruneAsync(Uploads, new HashSet<string>(), Token);

        Assert.False(await _store.ContainsAsync(Uploads, UploadedSource.First, Token));
        await _store.ImportAsync(Workspace, UploadedSource.Second, new MemoryStream(await BundleAsync()), Ignore, Token);
        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.Second, Token));
    }

    /// <summary>Git writes these files one after another.</summary>
    [Theory]
    [InlineData("refs")]
    [InlineData("refs", "HEAD")]
    [InlineData("refs", "HEAD", "config")]
    [InlineData("refs", "HEAD", "config", "objects")]
    public async Task What_a_crash_left_of_a_new_repository_is_completed_by_the_next_upload(params string[] written)
    {
        var repository = _store.PathOf(Uploads);
        await _store.EnsureAsync(Uploads, Token);
        foreach (var directory in Directory.EnumerateDirectories(repository, "*", SearchOption.AllDirectories).OrderDescending())
            if (directory != Path.Combine(repository, "refs") && !(written.Contains("objects") && directory == Path.Combine(repository, "objects")))
                Directory.Delete(directory);
        foreach (var file in Directory.EnumerateFiles(repository).Where(path => !written.Contains(Path.GetFileName(path))))
            File.Delete(file);

        await _store.PruneAsync(Uploads, new HashSet<string>(), Token);
        await _store.ImportAsync(Workspace, UploadedSource.Second, new MemoryStream(await BundleAsync()), Ignore, Token);

        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.Second, Token));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Ignore(long bytes)
    {
        // There is enough space.
    }

    private async Task<byte[]> BundleAsync()
    {
        var (remote, file) = (Path.Combine(_directory, "remote.git"), Path.Combine(_directory, "all.bundle"));
        UploadedSource.CopyTo(remote);
        await GitCommand.RunAsync(new GitRepository(remote), ["bundle", "create", "--quiet", file, "--all"], Token);
        return await File.ReadAllBytesAsync(file, Token);
    }

    private Task<string> FetchAsync(string url, string? branch) =>
        _store.FetchAsync(SourceStore.MirrorOf(url, Workspace), branch, GitRemote.Of(url, null, null), Token);

    private async Task<string?> TipAsync(string url) =>
        (await _store.LookAsync(SourceStore.MirrorOf(url, Workspace), null, GitRemote.Of(url, null, null), Token)).Commit;

    private Task<string?> KeyAsync(string commit, string? root) =>
        _store.KeyAsync(Uploads, commit, new SourceSettings(RootDir: root), Token);
}
