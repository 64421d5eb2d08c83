using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Builds;

/// <summary>What a change of configuration takes: a deploy, and a build only where that would come out differently.</summary>
public sealed class ConfigurationTests : IAsyncLifetime
{
    private const string Web = "    runtime: node\n    rootDir: api\n";
    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First)(_platform, Token);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData("startCommand: serve", "startCommand: serve --fast", 0)]
    [InlineData("    numInstances: 2\n", "    numInstances: 2\n    plan: pro\n", 0)]
    [InlineData("    numInstances: 2\n", "    numInstances: 2\n    healthCheckPath: /up\n", 0)]
    [InlineData("    numInstances: 2\n", "    numInstances: 2\n    maxShutdownDelaySeconds: 7\n", 0)]
    [InlineData("preDeployCommand: migrate", "preDeployCommand: migrate --all", 0)]
    [InlineData("      - key: SECRET\n", "      - key: API_TOKEN\n        value: x\n      - key: SECRET\n", 0)]
    [InlineData("      - key: SECRET\n", "      - key: NODE_VERSION\n        value: \"20\"\n      - key: SECRET\n", 1)]
    [InlineData("      - key: SECRET\n", "      - key: NEXT_PUBLIC_URL\n        value: x\n      - key: SECRET\n", 1)]
    [InlineData(Web + "    buildCommand: make", Web + "    buildCommand: make all", 1)]
    public async Task A_change_deploys_and_builds_only_what_it_concerns(string before, string after, int builds)
    {
        var changed = Scenario.Blueprint.Replace(before, after, StringComparison.Ordinal);
        Assert.NotEqual(Scenario.Blueprint, changed);
        var had = Builds();

        await Scenario.Apply(UploadedSource.First, changed)(_platform, Token);

        Assert.Equal(had + builds, Builds());
        Assert.Equal(2, (await DeploysAsync("api")).Count);
    }

    [Fact]
    public async Task A_variable_of_a_static_site_is_part_of_what_is_built()
    {
        var had = Builds();
        await Scenario.Apply(UploadedSource.First, Scenario.Blueprint + "\n      - key: TITLE\n        value: x\n")(_platform, Token);

        Assert.Equal(had + 1, Builds());
    }

    [Fact]
    public async Task The_pre_deploy_command_runs_in_the_new_revision_and_an_instance_has_the_time_to_stop_that_was_set()
    {
        await Scenario.Apply(UploadedSource.Second, Scenario.Blueprint.Replace(
            "    numInstances: 2\n", "    numInstances: 2\n    maxShutdownDelaySeconds: 7\n", StringComparison.Ordinal))(_platform, Token);

        var live = (await DeploysAsync("api"))[^1];
        Assert.Equal(TimeSpan.FromMinutes(30), _platform.World.Jobs[new RunId($"{live.Id}-pre")].Timeout);
        var before = _platform.World.Jobs[new RunId($"{live.Id}-pre")].Revision;
        Assert.Equal(live.Id, before.Artifact!.Value.Value);
        Assert.Equal(UploadedSource.Second, before.Environment["RENDER_GIT_COMMIT"]);
        Assert.Equal(TimeSpan.FromSeconds(7), _platform.World.Revisions[new RevisionId(live.Id)].Revision.StopGrace);
        var unset = (await DeploysAsync("worker"))[^1];
        Assert.Equal(TimeSpan.FromSeconds(30), _platform.World.Revisions[new RevisionId(unset.Id)].Revision.StopGrace);
        Assert.Equal(DeployStatus.Live, live.Status);
    }

    [Fact]
    public async Task The_branch_that_is_checked_out_where_up_runs_is_the_branch_of_the_deploy()
    {
        await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.Second, Branch = "feature/one" }, Token);
        await _platform.SettleAsync(Token);

        var live = (await DeploysAsync("api"))[^1];
        Assert.Equal("feature/one", BranchSeenBy(live.Id));
        Assert.Equal("feature/one", _platform.World.Builds[new RunId(live.Id)].Branch);
    }

    [Fact]
    public async Task A_pre_deploy_command_that_fails_ends_the_deploy_and_what_was_live_stays()
    {
        await using var db = await _platform.OpenAsync(Token);
        _platform.World.FailingRuns.Add(db.Services.Single(row => row.Name == "api").Id);

        await Scenario.Apply(UploadedSource.First, Scenario.Blueprint.Replace("startCommand: serve", "startCommand: serve --fast", StringComparison.Ordinal))(_platform, Token);

        var deploys = await DeploysAsync("api");
        Assert.Equal([DeployStatus.Live, DeployStatus.PreDeployFailed], deploys.Select(deploy => deploy.Status));
        Assert.False(_platform.World.Revisions[new RevisionId(deploys[0].Id)].Retired);
        Assert.DoesNotContain(new RevisionId(deploys[1].Id), _platform.World.Revisions.Keys);
    }

    private string BranchSeenBy(string deploy) => _platform.World.Revisions[new RevisionId(deploy)].Revision.Environment["RENDER_GIT_BRANCH"];

    private int Builds() => _platform.World.Runs.Values.Count(run => run.IsBuild);

    private async Task<List<(string Id, DeployStatus Status)>> DeploysAsync(string name)
    {
        await using var db = await _platform.OpenAsync(Token);
        var rows = await db.Deploys.Where(row => row.ServiceId == db.Services.Single(item => item.Name == name).Id).OrderBy(row => row.Id).ToListAsync(Token);
        return [.. rows.Select(row => (row.Id, row.Status))];
    }
}
