using System.Net;
using Portico.ControlPlane.Sources;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>What is built of a commit with submodules: real Git, pushed here or read from a real server elsewhere.</summary>
public sealed class SubmoduleTests : IAsyncLifetime
{
    private GitHost _git = null!;
    private PushingUser _app = null!, _lib = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _git = await GitHost.StartAsync();
        (_app, _lib) = (_git.NewUser(), _git.NewUser());
    }

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task Submodules_that_are_pushed_here_too_are_built_in_at_the_commits_that_are_recorded()
    {
        var deep = _git.NewUser();
        var bottom = deep.Commit("bottom", ("deep.txt", "deep"));
        await PushAsync(deep, "deep");
        _lib.Commit("empty");
        var recorded = Link(_lib, "inner", "./../deep.git", bottom, ("lib.txt", "recorded"));
        await PushAsync(_lib, "lib");
        _lib.Commit("newer", ("lib.txt", "newer"));
        await PushAsync(_lib, "lib");
        Link(_app, "vendor/lib", "../lib.git", recorded, ("render.yaml", GitHost.Blueprint), ("main", "1"));

        var said = await PushAsync(_app, "app");

        Assert.Contains("Submodule vendor/lib: ", said, StringComparison.Ordinal);
        Assert.Contains("Your service is live", said, StringComparison.Ordinal);
        Assert.Equal("recorded", await _git.BuiltAsync("vendor/lib/lib.txt"));
        Assert.Equal("deep", await _git.BuiltAsync("vendor/lib/inner/deep.txt"));
        Assert.Equal("1", await _git.BuiltAsync("main"));

        // What is known already is not asked for again, and a clone has the submodule as it was.
        Directory.Delete(_git.PathOf("deep"), recursive: true);
        _app.Commit("change", ("main", "2"));
        Assert.Contains("Your service is live", await PushAsync(_app, "app"), StringComparison.Ordinal);
        Assert.Equal("deep", await _git.BuiltAsync("vendor/lib/inner/deep.txt"));
        Assert.Equal("2", await _git.BuiltAsync("main"));
        var clone = _git.NewUser();
        Assert.Equal(0, (await clone.TryAsync(Token, "clone", "--quiet", _git.Url("app"), ".")).ExitCode);
        Assert.Contains($"160000 commit {recorded}", clone.Run("ls-tree", "HEAD", "vendor/lib"), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(clone.Directory_, ".git", "shallow")));
    }

    [Theory]
    [InlineData("file:///etc", "unsupported URL")]
    [InlineData("/etc", "unsupported URL")]
    [InlineData("ext::sh -c touch% /tmp/portico-witness", "unsupported URL")]
    [InlineData("git://127.0.0.1/x", "unsupported URL")]
    [InlineData("http://127.0.0.1:1/x.git", "not a public address")]
    [InlineData("http://localhost:1/x.git", "not a public address")]
    [InlineData("https://[::1]/x.git", "not a public address")]
    [InlineData("http://inside.example/x.git", "not a public address")]
    [InlineData("git@10.0.0.1:me/x.git", "not a public address")]
    [InlineData("git@public.example:me/x.git", "over SSH")]
    [InlineData("../../../../../x", "unsupported URL")]
    [InlineData("../missing.git", "Push it to")]
    public async Task One_that_leads_where_it_must_not_ends_the_deploy_and_says_so(string url, string problem)
    {
        (_git.Api.Platform.Hosts.Known["inside.example"], _git.Api.Platform.Hosts.Known["public.example"]) = (IPAddress.Parse("10.0.0.1"), IPAddress.Parse("93.184.216.34"));
        Link(_app, "lib", url, new string('a', 40), ("render.yaml", GitHost.Blueprint));
        var said = await PushAsync(_app, "app");
        Assert.True(said.Contains("the submodule 'lib'", StringComparison.Ordinal), said);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.Equal(DeployStatus.BuildFailed, (await _git.LastDeployAsync()).Status);
        Assert.False(File.Exists("/tmp/portico-witness"));
        Assert.Empty(_git.Api.Platform.World.Builds);
    }

    [Fact]
    public async Task Names_and_paths_of_the_file_are_no_paths_and_a_link_without_an_address_stays_empty()
    {
        Link(_app, "lib", "../app.git", new string('a', 40), ("render.yaml", GitHost.Blueprint));
        _app.Commit("evil", (".gitmodules", """
            [submodule "x"]
            	path = ../../../etc
            	url = file:///etc
            [include]
            	path = /etc/passwd
            """));
        var said = await PushAsync(_app, "app");
        Assert.Contains("its directory stays empty", said, StringComparison.Ordinal);
        Assert.Contains("Your service is live", said, StringComparison.Ordinal);
        _app.Commit("broken", (".gitmodules", "[submodule"));
        Assert.Contains("could not read .gitmodules", await PushAsync(_app, "app"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", "--upload-pack=touch /tmp/portico-witness")]
    [InlineData("../../x", "https://example.org/x.git")]
    public async Task One_that_would_harm_whoever_clones_it_cannot_be_pushed(string name, string url)
    {
        _app.Commit("evil", (".gitmodules", $"[submodule \"{name}\"]\n\tpath = lib\n\turl = {url}\n"));
        var (code, said) = await _app.TryAsync(Token, "push", _git.Url("app"), "main");
        Assert.NotEqual(0, code);
        Assert.Contains("gitmodules", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_has_itself_in_it_comes_to_an_end()
    {
        var first = Link(_app, "me", "../app.git", new string('a', 40), ("render.yaml", GitHost.Blueprint));
        for (var level = 0; level < SourceTrees.Deepest + 1; level++)
            first = Link(_app, "me", "../app.git", first, ("level", $"{level}"));
        Assert.Contains($"more than {SourceTrees.Deepest} levels deep", await PushAsync(_app, "app"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_submodule_deploys_what_has_a_path_or_its_root_below_it_and_nothing_else()
    {
        const string blueprint = """
            services:
              - { type: worker, name: watches, runtime: node, buildCommand: make, startCommand: work, buildFilter: { paths: ["lib/src/**"] } }
              - { type: worker, name: inside, runtime: node, rootDir: lib/src, buildCommand: make, startCommand: work }
              - { type: worker, name: other, runtime: node, buildCommand: make, startCommand: work, buildFilter: { ignoredPaths: ["lib/**"] } }
            """;
        var first = _lib.Commit("first", ("src/main", "1"));
        await PushAsync(_lib, "lib");
        Link(_app, "lib", "../lib.git", first, ("render.yaml", blueprint));
        Assert.Contains("[inside] ==> Your service is live", await PushAsync(_app, "app"), StringComparison.Ordinal);
        var second = _lib.Commit("second", ("src/main", "2"));
        await PushAsync(_lib, "lib");
        _app.Run("update-index", "--cacheinfo", $"160000,{second},lib");
        _app.Run("commit", "--quiet", "--message", "newer lib");
        var said = await PushAsync(_app, "app");
        Assert.Contains("Deploying watches: source changed", said, StringComparison.Ordinal);
        Assert.Contains("Deploying inside: source changed", said, StringComparison.Ordinal);
        Assert.Contains("Not deploying other", said, StringComparison.Ordinal);
        Assert.Equal("2", await _git.BuiltAsync("lib/src/main"));
        _app.Run("commit", "--quiet", "--allow-empty", "--message", "nothing");
        said = await PushAsync(_app, "app");
        Assert.Contains("Not deploying inside", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Deploying", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_directory_that_a_submodule_does_not_have_ends_the_deploy_and_says_so()
    {
        var commit = _lib.Commit("first", ("src/main", "1"));
        await PushAsync(_lib, "lib");
        Link(_app, "lib", "../lib.git", commit, ("render.yaml", GitHost.Blueprint.Replace("runtime", "rootDir: lib/none, runtime", StringComparison.Ordinal)));
        Assert.Contains("rootDir 'lib/none' is not in commit", await PushAsync(_app, "app"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_elsewhere_is_read_from_the_same_host_with_the_same_access_from_a_server_of_mere_files()
    {
        await using var elsewhere = await StaticRepositories.StartAsync(Token);
        elsewhere.Authorization = $"Basic {Convert.ToBase64String("me:secret"u8)}";
        await elsewhere.ShowAsync(_lib, "lib", _lib.Commit("lib", ("lib.txt", "1")), Token);
        await elsewhere.ShowAsync(_app, "app", Link(_app, "lib", "../lib.git", _lib.Run("rev-parse", "HEAD").Trim(), ("main", "1")), Token);
        await _git.CreateWorkerAsync($"{elsewhere.Url.Replace("//", "//me:secret@", StringComparison.Ordinal)}/app.git");
        var deploy = await _git.LastDeployAsync();
        Assert.True(deploy.Status == DeployStatus.Live, deploy.Failure?.Message);
        Assert.Equal("1", await _git.BuiltAsync("lib/lib.txt"));
        Assert.DoesNotContain(await _git.NotesAsync(), text => text.Contains("secret", StringComparison.Ordinal));
    }

    /// <summary>Commits with a submodule of which nothing is checked out.</summary>
    private static string Link(PushingUser user, string path, string url, string commit, params (string Path, string Text)[] files)
    {
        Directory.CreateDirectory(Path.Combine(user.Directory_, path));
        user.Commit("before", [.. files, (".gitmodules", $"[submodule \"x\"]\n\tpath = {path}\n\turl = {url}\n")]);
        user.Run("update-index", "--add", "--cacheinfo", $"160000,{commit},{path}");
        return user.Commit("link");
    }

    private Task<string> PushAsync(PushingUser user, string name) => _git.PushAsync(user, name, "+main");
}
