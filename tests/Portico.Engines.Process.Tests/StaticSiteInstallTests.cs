using Portico.Core.Engines;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Tests;

/// <summary>A static site finds its packages installed when its build command begins, as on Render.</summary>
public sealed class StaticSiteInstallTests : ProcessEngineTest
{
    private const string Uses = "node -e \"console.log(require('local'))\"";

    private static readonly (string, string)[] Files =
    [
        ("package.json", """{ "dependencies": { "local": "file:./local" } }"""),
        ("local/package.json", """{ "name": "local", "version": "1.0.0" }"""),
        ("local/index.js", "module.exports = 'found'"),
    ];

    [Fact]
    public async Task Packages_are_installed_before_the_build_command_runs()
    {
        Assert.IsType<RunState.Succeeded>(await RunAsync(await SiteAsync(Uses)));
        var log = await RunLogAsync("dep-1");
        Assert.Contains("==> Installing dependencies with 'npm install' (set SKIP_INSTALL_DEPS to true to leave this out)...", log);
        Assert.Contains("found", log);
    }

    [Fact]
    public async Task A_build_fails_where_they_cannot_be_installed()
    {
        var build = await SiteAsync("echo not reached", ("package.json", """{ "dependencies": { "local": "file:./missing/none.tgz" } }"""));
        Assert.IsType<RunState.Failed>(await RunAsync(build));
        Assert.DoesNotContain("not reached", await RunLogAsync("dep-1"));
    }

    [Fact]
    public async Task SKIP_INSTALL_DEPS_leaves_it_to_the_build_command()
    {
        var build = await SiteAsync(Uses) with { Environment = new Dictionary<string, string> { ["SKIP_INSTALL_DEPS"] = "true" } };
        Assert.IsType<RunState.Failed>(await RunAsync(build));
        Assert.Contains(await RunLogAsync("dep-1"), line => line.Contains("Cannot find module 'local'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("npm run build", "", "npm install")]
    [InlineData("npm run install:assets", "", "npm install")]
    [InlineData("yarn build", "yarn.lock", "yarn install")]
    [InlineData("pnpm build", "pnpm-lock.yaml", "pnpm install")]
    [InlineData("bun run build", "bun.lock", "bun install")]
    [InlineData("bun run build", "bun.lockb", "bun install")]
    [InlineData("npm ci && npm run build", "", null)]
    [InlineData("npm i; npm run build", "", null)]
    [InlineData("npm --silent install && npm run build", "", null)]
    [InlineData("yarn && yarn build", "yarn.lock", null)]
    [InlineData("yarn", "yarn.lock", null)]
    [InlineData("yarn --frozen-lockfile && yarn build", "yarn.lock", null)]
    [InlineData("pnpm install --frozen-lockfile && pnpm build", "pnpm-lock.yaml", null)]
    [InlineData("bun i && bun run build", "bun.lock", null)]
    public async Task The_lock_file_says_which_package_manager_and_a_command_that_installs_is_left_alone(string command, string lockFile, string? expected)
    {
        var directory = Directory.CreateDirectory(NewPath()).FullName;
        foreach (var file in new[] { "package.json", lockFile }.Where(name => name.Length > 0))
            await File.WriteAllTextAsync(Path.Combine(directory, file), "{}", Token);
        var build = await SiteAsync(command);
        var node = UsedToolchain.Default with { Kind = "node 24" };

        Assert.Equal(expected, DependencyInstall.CommandFor(build, node, directory));
        Assert.Null(DependencyInstall.CommandFor(build with { Runtime = new WorkloadRuntime("node") }, node, directory));
        Assert.Null(DependencyInstall.CommandFor(build, UsedToolchain.Default, directory));
        File.Delete(Path.Combine(directory, "package.json"));
        Assert.Null(DependencyInstall.CommandFor(build, node, directory));
    }

    private async Task<BuildRequest> SiteAsync(string command, params (string, string)[] files)
    {
        Require(Engine.Capabilities.Runtimes.Single(runtime => runtime.Name == "node").Versions.Count > 0, "node is missing.");
        return await BuildOf("dep-1", command, files.Length > 0 ? files : Files) with { Runtime = new WorkloadRuntime("static") };
    }
}
