using Portico.Api.Contracts.Platform;
using Portico.Cli.Sources;
using Portico.Cli.Tests.Support;
using Portico.Hosting;

namespace Portico.Cli.Tests;

public sealed class SnapshotterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _app;
    private readonly PlatformPaths _paths;

    public SnapshotterTests()
    {
        _app = _folder["app"];
        _paths = new PlatformPaths(_folder["home"]);
        Directory.CreateDirectory(_app);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clean_repository_is_deployed_as_its_own_commit()
    {
        GivenRepository();
        var snapshot = await TakeAsync();
        Assert.Equal(UserGit.Run(_app, "rev-parse", "HEAD"), snapshot.Commit);
    }

    [Fact]
    public async Task A_changed_file_makes_another_commit_that_holds_it()
    {
        GivenRepository();
        _folder.Write("app/index.js", "changed");
        _folder.Write("app/new file.js", "new");
        var snapshot = await TakeAsync();
        Assert.NotEqual(UserGit.Run(_app, "rev-parse", "HEAD"), snapshot.Commit);
        Assert.Equal(["index.js", "new file.js"], await FilesAsync(snapshot));
        Assert.Equal("changed", await ContentAsync(snapshot, "index.js"));
    }

    [Fact]
    public async Task The_users_repository_is_left_as_it_was_byte_for_byte()
    {
        GivenRepository();
        _folder.Write("app/staged.js", "staged");
        UserGit.Run(_app, "add", "staged.js");
        _folder.Write("app/index.js", "dirty");
        _folder.Write("app/untracked.js", "untracked");
        var before = Contents(Path.Combine(_app, ".git"));
        var snapshot = await TakeAsync();
        await UploadAsync(snapshot);
        Assert.Equal(before, Contents(Path.Combine(_app, ".git")));
    }

    [Fact]
    public async Task The_same_content_makes_the_same_commit_also_without_what_was_remembered()
    {
        GivenRepository();
        _folder.Write("app/index.js", "dirty");
        var first = await TakeAsync();
        var second = await TakeAsync();
        Directory.Delete(_paths.Snapshots, recursive: true);
        var third = await TakeAsync();
        Assert.Equal(first.Commit, second.Commit);
        Assert.Equal(first.Commit, third.Commit);
    }

    [Fact]
    public async Task A_directory_without_git_works_too()
    {
        _folder.Write("app/index.js", "hello");
        _folder.Write("app/node_modules/x/index.js", "not this");
        _folder.Write("app/.venv/bin/python", "not this");
        _folder.Write("app/ignored.txt", "not this");
        _folder.Write("app/.gitignore", "ignored.txt\n");
        var snapshot = await TakeAsync();
        Assert.Equal([".gitignore", "index.js"], await FilesAsync(snapshot));
        Assert.False(Path.Exists(Path.Combine(_app, ".git")));
    }

    [Fact]
    public async Task An_empty_repository_works_too()
    {
        UserGit.Init(_app);
        _folder.Write("app/index.js", "hello");
        Assert.Equal(["index.js"], await FilesAsync(await TakeAsync()));
    }

    [Fact]
    public async Task Strange_file_names_survive()
    {
        string[] names = ["--force", "-n", "a\nb", "a\"b", "sp ace", "tab\there", "ünïcode", ":(exclude)x"];
        foreach (var name in names)
            _folder.Write("app/" + name, name);
        var files = await FilesAsync(await TakeAsync());
        Assert.Equal(names.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Symbolic_links_stay_links()
    {
        _folder.Write("app/index.js", "hello");
        File.CreateSymbolicLink(Path.Combine(_app, "link"), "index.js");
        File.CreateSymbolicLink(Path.Combine(_app, "away"), "/etc/passwd");
        var snapshot = await TakeAsync();
        Assert.Contains("120000", await GitAsync("ls-tree", snapshot.Commit, "away"), StringComparison.Ordinal);
        Assert.Equal("/etc/passwd", await ContentAsync(snapshot, "away"));
    }

    [Fact]
    public async Task Repositories_inside_become_plain_files_with_and_without_commits()
    {
        GivenRepository();
        UserGit.Init(_folder["app/lib"]);
        _folder.Write("app/lib/lib.js", "one");
        UserGit.Commit(_folder["app/lib"]);
        UserGit.Init(_folder["app/fresh"]);
        _folder.Write("app/fresh/fresh.js", "two");
        Assert.Equal(["fresh/fresh.js", "index.js", "lib/lib.js"], await FilesAsync(await TakeAsync()));
        _folder.Write("app/lib/lib.js", "three");
        Assert.Equal("three", await ContentAsync(await TakeAsync(), "lib/lib.js"));
    }

    [Fact]
    public async Task What_is_committed_counts_even_when_it_is_ignored()
    {
        UserGit.Init(_app);
        _folder.Write("app/node_modules/x.js", "vendored");
        _folder.Write("app/.gitignore", "node_modules/\n");
        UserGit.Run(_app, "add", "-f", "node_modules/x.js", ".gitignore");
        UserGit.Run(_app, "commit", "-q", "-m", "Vendored");
        var snapshot = await TakeAsync();
        Assert.Equal(UserGit.Run(_app, "rev-parse", "HEAD"), snapshot.Commit);
    }

    [Fact]
    public async Task Only_the_directory_itself_of_a_larger_repository_is_taken_by_the_rules_above_it()
    {
        UserGit.Init(_app);
        _folder.Write("app/.gitignore", "dist/\n");
        _folder.Write("app/shop/index.js", "hello");
        _folder.Write("app/shop/dist/out.js", "made");
        _folder.Write("app/other/index.js", "other");
        UserGit.Commit(_app);
        var snapshot = await TakeAsync("app/shop");
        Assert.Equal(["index.js"], await FilesAsync(snapshot, "app/shop"));
    }

    [Fact]
    public async Task A_directory_that_a_larger_repository_ignores_is_taken_by_itself()
    {
        UserGit.Init(_app);
        _folder.Write("app/.gitignore", "tmp/\n");
        UserGit.Commit(_app);
        _folder.Write("app/tmp/shop/index.js", "hello");
        Assert.Equal(["index.js"], await FilesAsync(await TakeAsync("app/tmp/shop"), "app/tmp/shop"));
    }

    [Fact]
    public async Task Deleting_a_file_shows()
    {
        GivenRepository();
        _folder.Write("app/other.js", "other");
        await TakeAsync();
        File.Delete(_folder["app/index.js"]);
        Assert.Equal(["other.js"], await FilesAsync(await TakeAsync()));
    }

    [Fact]
    public async Task Switching_the_branch_shows()
    {
        GivenRepository();
        await TakeAsync();
        UserGit.Run(_app, "checkout", "-q", "-b", "topic");
        _folder.Write("app/topic.js", "topic");
        UserGit.Commit(_app);
        Assert.Equal(UserGit.Run(_app, "rev-parse", "HEAD"), (await TakeAsync()).Commit);
        UserGit.Run(_app, "checkout", "-q", "main");
        Assert.Equal(UserGit.Run(_app, "rev-parse", "HEAD"), (await TakeAsync()).Commit);
    }

    [Fact]
    public async Task The_platforms_own_home_is_never_part_of_a_snapshot()
    {
        _folder.Write("app/index.js", "hello");
        _folder.Write("app/.data/state/api-key", "secret");
        var git = new Git(Variables());
        var paths = new PlatformPaths(_folder["app/.data"]);
        var snapshot = await new Snapshotter(git, paths, TimeProvider.System).TakeAsync(_app, Cancel);
        var store = new SnapshotStore(git, paths, _app, TimeProvider.System);
        Assert.Equal("index.js", UserGit.Run(store.Folder, "ls-tree", "-r", "--name-only", snapshot.Commit));
    }

    [Fact]
    public async Task A_damaged_cache_is_made_again()
    {
        GivenRepository();
        _folder.Write("app/index.js", "dirty");
        var first = await TakeAsync();
        File.WriteAllText(Store("app").Index, "not an index");
        Assert.Equal(first.Commit, (await TakeAsync()).Commit);
    }

    [Fact]
    public async Task A_shallow_clone_is_deployed_as_a_snapshot_because_its_history_is_missing()
    {
        UserGit.Init(_folder["origin"]);
        _folder.Write("origin/index.js", "one");
        UserGit.Commit(_folder["origin"]);
        _folder.Write("origin/index.js", "two");
        UserGit.Commit(_folder["origin"]);
        Directory.Delete(_app);
        UserGit.Run(_folder.Path, "clone", "-q", "--depth=1", "file://" + _folder["origin"], _app);
        var snapshot = await TakeAsync();
        Assert.NotEqual(UserGit.Run(_app, "rev-parse", "HEAD"), snapshot.Commit);
        Assert.Equal("two", await ContentAsync(snapshot, "index.js"));
    }

    [Fact]
    public async Task A_hook_filter_or_monitor_of_the_user_is_never_run()
    {
        GivenRepository();
        var trap = _folder.WriteScript("trap.sh", "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\ncat\n");
        UserGit.Run(_app, "config", "core.fsmonitor", trap);
        UserGit.Run(_app, "config", "filter.trap.clean", trap);
        UserGit.Run(_app, "config", "filter.trap.process", trap);
        _folder.Write("app/.gitattributes", "*.js filter=trap\n");
        _folder.WriteScript("app/.git/hooks/post-index-change", "#!/bin/sh\n" + trap + "\n");
        _folder.Write("app/index.js", "dirty");
        await TakeAsync();
        Assert.False(File.Exists(_folder["sprung"]));
    }

    [Fact]
    public async Task The_origin_is_told_without_its_credentials()
    {
        GivenRepository();
        UserGit.Run(_app, "remote", "add", "origin", "https://user:hunter2@example.com/shop.git");
        Assert.Equal("https://example.com/shop.git", (await TakeAsync()).Origin);
    }

    [Fact]
    public async Task The_branch_is_the_one_that_is_checked_out()
    {
        GivenRepository();
        UserGit.Run(_app, "checkout", "-q", "-b", "feature/one");
        Assert.Equal("feature/one", (await TakeAsync()).Branch);
        UserGit.Run(_app, "checkout", "-q", "--detach");
        Assert.Null((await TakeAsync()).Branch);
    }

    [Fact]
    public async Task Two_at_once_on_one_directory_agree()
    {
        GivenRepository();
        _folder.Write("app/index.js", "dirty");
        var snapshots = await Task.WhenAll(TakeAsync(), TakeAsync(), TakeAsync());
        Assert.Single(snapshots.Select(snapshot => snapshot.Commit).Distinct());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Variables() =>
        new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };

    private void GivenRepository()
    {
        UserGit.Init(_app);
        _folder.Write("app/index.js", "hello");
        UserGit.Commit(_app);
    }

    private Task<SourceSnapshot> TakeAsync(string directory = "app") => Make().TakeAsync(_folder[directory], Cancel);

    private Snapshotter Make() => new(new Git(Variables()), _paths, TimeProvider.System);

    private SnapshotStore Store(string directory) =>
        new(new Git(Variables()), _paths, RealPath.Resolve(_folder[directory])!, TimeProvider.System);

    private async Task UploadAsync(SourceSnapshot snapshot)
    {
        await using var server = await FakeServer.StartAsync(_folder);
        using var client = PlatformClient.Connect(_paths);
        await Make().UploadAsync(client, _app, snapshot.Commit, Cancel);
        Assert.NotEmpty(server.Sources[snapshot.Commit]);
    }

    private async Task<string[]> FilesAsync(SourceSnapshot snapshot, string directory = "app")
    {
        var output = await GitInAsync(directory, "ls-tree", "-r", "-z", "--name-only", snapshot.Commit);
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private Task<string> ContentAsync(SourceSnapshot snapshot, string file) => GitAsync("cat-file", "blob", $"{snapshot.Commit}:{file}");

    private Task<string> GitAsync(params string[] arguments) => GitInAsync("app", arguments);

    private async Task<string> GitInAsync(string directory, params string[] arguments)
    {
        var objects = Path.Combine(_app, ".git", "objects");
        return await new Git(Variables()).RunAsync("/", arguments, new Dictionary<string, string>
        {
            ["GIT_DIR"] = Store(directory).Folder,
            ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Directory.Exists(objects) ? objects : "",
        }, null, Cancel);
    }

    // Git marks an object that is of use as fresh, by its time, so that it is not collected; its bytes stay.
    private static bool IsObject(string file) => file.Contains("/.git/objects/", StringComparison.Ordinal);

    private static SortedDictionary<string, string> Contents(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            file => file,
            file => Convert.ToHexString(File.ReadAllBytes(file)) + (IsObject(file) ? 0 : File.GetLastWriteTimeUtc(file).Ticks)),
        StringComparer.Ordinal);
}
