using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.BadInput;

/// <summary>A deploy that cannot go live ends its <c>up</c> with the step, the reason and the last lines; the one before it goes on.</summary>
public sealed class FailingAppTests(LiveFixture fixture) : IClassFixture<LiveFixture>
{
    [Fact]
    public Task A_build_that_fails() =>
        FailsAsync("echo the compiler is unhappy; exit 3", "node server.js", "build failed", "the compiler is unhappy", "status 3");

    [Fact]
    public Task A_build_that_hangs() => FailsAsync("sleep 1000", "node server.js", "build failed", $"longer than {LiveFixture.BuildSeconds} seconds");

    [Fact]
    public Task A_build_that_forks_endlessly() =>
        FailsAsync("f() { while true; do sleep 1000 & f & done; }; f; wait", "node server.js", "build failed");

    [Fact]
    public Task A_build_that_prints_a_gigabyte() =>
        FailsAsync("yes loud | head -c 1000000000; exit 1", "node server.js", "build failed");

    [Fact]
    public Task A_start_command_that_ends_at_once() =>
        FailsAsync("true", "echo nothing to do here", "start failed", "exited immediately", "nothing to do here");

    [Fact]
    public Task A_start_command_that_never_opens_a_port() =>
        FailsAsync("true", "echo still thinking; sleep 1000", "health check failed", "No open port was detected", "still thinking");

    [Fact]
    public async Task A_root_directory_that_leaves_by_a_symbolic_link()
    {
        var platform = await fixture.ReadyAsync();
        File.CreateSymbolicLink(Path.Combine(platform.App, "way-out"), "/etc");

        await BlueprintFailsAsync(HelloApp.Blueprint + "\n    rootDir: way-out", HelloApp.Name, "way-out");

        File.Delete(Path.Combine(platform.App, "way-out"));
    }

    [Fact]
    public Task A_publish_path_that_leaves_by_a_symbolic_link() => BlueprintFailsAsync(HelloApp.Blueprint + """

          - type: web
            name: site
            runtime: static
            buildCommand: ln -s /etc out
            staticPublishPath: out
        """, "site", "publish failed", "out");

    private Task FailsAsync(string build, string start, params string[] words) => BlueprintFailsAsync($"""
        services:
          - type: web
            name: hello
            runtime: node
            buildCommand: '{build}'
            startCommand: '{start}'
        """, [HelloApp.Name, .. words]);

    private async Task BlueprintFailsAsync(string blueprint, params string[] words)
    {
        var platform = await fixture.ReadyAsync();
        platform.Write("render.yaml", blueprint);

        var failed = await platform.UpAsync();

        failed.ShouldFailSaying(words);
        Assert.True(failed.Elapsed < TimeSpan.FromSeconds(90), failed.ToString());
        Assert.EndsWith("_failed", (await platform.StatusAsync())[words[0]].Deploy!.Status, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await platform.StatusAsync())[HelloApp.Name].Instances.Count == 1,
            TimeSpan.FromSeconds(20), "one instance runs");
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
    }
}

/// <summary>A live app on a platform that gives up soon.</summary>
public sealed class LiveFixture : IAsyncDisposable
{
    /// <summary>On a busy machine, a build that does nothing takes some of them.</summary>
    internal const int BuildSeconds = 15;

    internal static readonly Dictionary<string, string?> Impatient = new()
    {
        ["PORTICO_BUILD_TIMEOUT_SECONDS"] = $"{BuildSeconds}",
        ["PORTICO_DEPLOY_TIMEOUT_SECONDS"] = "20",
    };

    private readonly TestPlatform _platform = HelloApp.Create(Impatient);
    private Task? _up;

    internal async Task<TestPlatform> ReadyAsync()
    {
        Programs.Require("git", "node");
        await (_up ??= UpAsync());
        return _platform;
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    private async Task UpAsync() => (await _platform.UpAsync()).ShouldSucceed();
}
