using System.Diagnostics;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>The version that a project asks for is the one that is used, or the build says why not.</summary>
public sealed class ToolchainTests : ProcessEngineTest
{
    // Not the machine's, and so old that it brings an npm of its own.
    private const string OldNode = "18.20.4";

    /// <summary>A download takes its time.</summary>
    protected override TimeSpan Patience => TimeSpan.FromMinutes(2);

    private string Node => Version("node");

    [Fact]
    public async Task Without_a_wish_it_is_the_machines_and_the_log_says_so()
    {
        var log = await LogOfAsync(NodeBuild("node --version", ("package.json", "{}")));
        Assert.Contains($"==> Using Node.js version {Node} (the machine's; on Render 24.14.1; set NODE_VERSION to choose another one)", log);
        Assert.Contains($"v{Node}", log);
    }

    [Theory]
    [InlineData(".node-version", "v{0}\n", ".node-version")]
    [InlineData(".nvmrc", "# comment\n{0}\n", ".nvmrc")]
    [InlineData("package.json", """{{ "engines": {{ "node": ">={0}" }} }}""", "engines in package.json")]
    public async Task What_the_machine_has_is_taken_from_there(string file, string format, string source)
    {
        var content = string.Format(System.Globalization.CultureInfo.InvariantCulture, format, Node);
        Assert.Contains($"==> Using Node.js version {Node} (from {source})", await LogOfAsync(NodeBuild("true", (file, content))));
    }

    [Fact]
    public async Task Another_version_is_fetched_and_used_by_the_build_and_by_what_runs()
    {
        RequireRegistry();
        var plain = await NodeBuild("node --version; npm --version >npm; command -v node; touch $(dirname $(command -v node))/x 2>/dev/null && echo changed; true", (".node-version", OldNode));
        var build = plain with { Environment = new Dictionary<string, string> { ["NAME"] = "value" } };
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        var log = await RunLogAsync("dep-1");
        Assert.Contains($"==> Using Node.js version {OldNode} (from .node-version)", log);
        Assert.Contains($"v{OldNode}", log);
        if (IsRoot)
            Assert.DoesNotContain("changed", log);

        var revision = NewRevision("dep-1", new EngineConformance.Behaviour.Idle()) with { Runtime = new WorkloadRuntime("node"), Artifact = new ArtifactId("dep-1") };
        Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, "node --version"));
        Assert.Contains($"v{OldNode}", await RunLogAsync("job-1"));

        // The second time nothing is fetched, and a variable comes first.
        var again = build with { Id = new RunId("dep-2"), Environment = new Dictionary<string, string> { ["NODE_VERSION"] = "18" } };
        Assert.IsType<RunState.Succeeded>(await RunAsync(again));
        Assert.Contains($"==> Using Node.js version {OldNode} (from the variable NODE_VERSION)", await RunLogAsync("dep-2"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Fixture.Home, "toolchains"), "*.tgz", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("99.1.0", "there is no such version")]
    [InlineData("newest; rm -rf /", "is not a version of Node.js")]
    public async Task Version_that_cannot_be_had_fails_the_build_and_names_the_file(string wanted, string message)
    {
        if (message.StartsWith("there", StringComparison.Ordinal))
            RequireRegistry();
        var failed = Assert.IsType<RunState.Failed>(await RunAsync(await NodeBuild("true", (".nvmrc", wanted))));
        Assert.Contains(".nvmrc", failed.Reason, StringComparison.Ordinal);
        Assert.Contains(message, failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_in_place_of_a_version_file_shows_nothing_of_the_engines()
    {
        Require(IsRoot, "Only root's engine has files that the account cannot read.");
        var secret = NewPath();
        await File.WriteAllTextAsync(secret, "hidden", Token);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        var (git, _) = await MakeRepositoryAsync(("package.json", "{}"));
        var work = Path.GetDirectoryName(git)!;
        File.CreateSymbolicLink(Path.Combine(work, ".node-version"), secret);
        var (_, commit) = await ProcessEngineFixture.CommitAsync(work);
        await RunAsync(await NodeBuild("true") with { RepositoryPath = git, Commit = commit });
        Assert.DoesNotContain(await RunLogAsync("dep-1"), line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pnpm", "pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "9.")]
    [InlineData("yarn", "yarn.lock", "# yarn lockfile v1\n", "1.22.")]
    [InlineData("bun", "bun.lock", "{}\n", "1.")]
    public async Task Package_manager_of_the_lock_file_is_there(string name, string file, string content, string version)
    {
        RequireRegistry();
        Assert.SkipWhen(File.Exists($"/usr/bin/{name}") || File.Exists($"/usr/local/bin/{name}"), $"{name} is installed here.");
        var log = await LogOfAsync(NodeBuild($"echo got $({name} --version)", ("package.json", "{}"), (file, content)));
        Assert.Contains(log, line => line.StartsWith($"==> Using {name} version {version}", StringComparison.Ordinal) && line.EndsWith($"(from {file})", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith($"got {version}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Package_manager_field_decides_the_exact_version()
    {
        RequireRegistry();
        var log = await LogOfAsync(NodeBuild("echo got $(pnpm --version)", ("package.json", """{ "packageManager": "pnpm@8.15.9+sha256.0" }"""), ("pnpm-lock.yaml", "")));
        Assert.Contains("got 8.15.9", log);
    }

    [Fact]
    public async Task Python_that_is_not_installed_fails_the_build_and_says_what_is()
    {
        Require(Engine.Capabilities.Runtimes.Single(r => r.Name == "python").Versions.Count > 0, "Python is missing.");
        var build = await BuildOf("dep-1", "python --version", (".python-version", "2.7.18\n")) with { Runtime = new WorkloadRuntime("python") };
        var reason = Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason;
        Assert.Contains("Python 2.7.18 (from .python-version) is not installed", reason, StringComparison.Ordinal);
        Assert.Contains(Version("python"), reason, StringComparison.Ordinal);
        var wanted = build with { Id = new RunId("dep-2"), Environment = new Dictionary<string, string> { ["PYTHON_VERSION"] = Version("python") } };
        Assert.IsType<RunState.Succeeded>(await RunAsync(wanted));
        Assert.Contains($"Python {Version("python")}", await RunLogAsync("dep-2"));
    }

    [Fact]
    public async Task Sdk_that_is_not_installed_fails_the_build_and_says_what_is()
    {
        Require(Engine.Capabilities.Runtimes.Single(r => r.Name == "dotnet").Versions.Count > 0, ".NET is missing.");
        var build = await BuildOf("dep-1", "true", ("global.json", """{ "sdk": { "version": "5.0.100", "rollForward": "disable" } }""")) with { Runtime = new WorkloadRuntime("dotnet") };
        Assert.Contains(".NET SDK 5.0.100 (from global.json) is not installed.", Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_chooses_the_version_of_Go()
    {
        var version = Version("go");
        var build = await BuildOf("dep-1", "go version", (".go-version", "1.1"), ("go.mod", "module x\n\ngo 1.1\n"))
            with
        { Runtime = new WorkloadRuntime("go"), Environment = new Dictionary<string, string> { ["GO_VERSION"] = "1.1" } };
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        Assert.Contains($"==> Using Go version {version} (the machine's; on Render the newest)", await RunLogAsync("dep-1"));
    }

    [Fact]
    public async Task Ruby_takes_its_version_from_a_file_and_from_no_variable()
    {
        var version = Version("ruby");
        var build = await BuildOf("dep-1", "ruby --version") with { Runtime = new WorkloadRuntime("ruby"), Environment = new Dictionary<string, string> { ["RUBY_VERSION"] = "1.9.3" } };
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        Assert.Contains(await RunLogAsync("dep-1"), line => line.StartsWith($"ruby {version}", StringComparison.Ordinal));
        var wanted = await BuildOf("dep-2", "true", (".ruby-version", "1.9.3\n")) with { Runtime = new WorkloadRuntime("ruby") };
        Assert.Contains("Ruby 1.9.3 (from .ruby-version) is not installed", Assert.IsType<RunState.Failed>(await RunAsync(wanted)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Downloads_of_another_version_are_not_reused()
    {
        RequireRegistry();
        var first = await NodeBuild("mkdir node_modules; touch node_modules/x", ("package.json", "{}"));
        Assert.IsType<RunState.Succeeded>(await RunAsync(first));
        var other = first with { Id = new RunId("dep-2"), Command = "test ! -e node_modules", Environment = new Dictionary<string, string> { ["NODE_VERSION"] = OldNode } };
        Assert.IsType<RunState.Succeeded>(await RunAsync(other));
    }

    private string Version(string runtime)
    {
        var versions = Engine.Capabilities.Runtimes.Single(item => item.Name == runtime).Versions;
        Require(versions.Count > 0, $"{runtime} is missing.");
        return versions[0];
    }

    private async Task<BuildRequest> NodeBuild(string line, params (string Path, string Content)[] files)
    {
        _ = Node;
        return await BuildOf("dep-1", line, files) with { Runtime = new WorkloadRuntime("node") };
    }

    private async Task<IReadOnlyList<string>> LogOfAsync(Task<BuildRequest> build)
    {
        Assert.IsType<RunState.Succeeded>(await RunAsync(await build));
        return await RunLogAsync("dep-1");
    }

    private static void RequireRegistry()
    {
        var asked = System.Diagnostics.Process.Start(new ProcessStartInfo("npm", ["ping"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Require(asked.WaitForExit(TimeSpan.FromSeconds(20)) && asked.ExitCode == 0, "The npm registry does not answer.");
    }
}
