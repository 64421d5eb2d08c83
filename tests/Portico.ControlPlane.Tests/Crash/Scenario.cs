using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Something that a platform is taken through. The preparation is never disturbed, the action is.</summary>
internal sealed record Scenario(
    string Name, Func<SimPlatform, CancellationToken, Task> PrepareAsync, Func<SimPlatform, CancellationToken, Task> ActAsync)
{
    public const string Blueprint = """
        databases:
          - name: db
        services:
          - type: keyvalue
            name: cache
            ipAllowList: []
          - type: web
            name: api
            runtime: node
            rootDir: api
            buildCommand: make
            preDeployCommand: migrate
            startCommand: serve
            numInstances: 2
            envVars:
              - key: DATABASE_URL
                fromDatabase: { name: db, property: connectionString }
              - key: WEB_URL
                fromService: { type: web, name: web, envVarKey: RENDER_EXTERNAL_URL }
              - key: SECRET
                generateValue: true
          - type: worker
            name: worker
            runtime: python
            rootDir: worker
            buildCommand: make
            startCommand: work
            envVars:
              - key: CACHE_URL
                fromService: { type: keyvalue, name: cache, property: connectionString }
          - type: web
            name: web
            runtime: static
            rootDir: web
            buildCommand: make
            staticPublishPath: .
            envVars:
              - key: API_URL
                fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL }
        """;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("first apply", static (_, _) => Task.CompletedTask, Apply(UploadedSource.First)),
        new("changed source", Apply(UploadedSource.First), Apply(UploadedSource.Second)),
        new("changed configuration", Apply(UploadedSource.First), Apply(UploadedSource.First, Blueprint.Replace("startCommand: work", "startCommand: work harder", StringComparison.Ordinal))),
        new("scaled up and down", Apply(UploadedSource.First), ScaleAsync),
        new("restarted", Apply(UploadedSource.First), RestartServiceAsync),
        new("killed instances", Apply(UploadedSource.First), KillAsync),
        new("overtaken deploy", Apply(UploadedSource.First), OvertakeAsync),
        new("commits faster than builds", Apply(UploadedSource.First), PushOftenAsync),
        new("job", Apply(UploadedSource.First), RunJobAsync),
        new("canceled job", Apply(UploadedSource.First), CancelJobAsync),
        new("schedule", ApplyCronAsync, ScheduleAsync),
        new("suspended and resumed", Apply(UploadedSource.First), SuspendAsync),
        new("swept after many deploys", DeployOftenAsync, SweepAsync),
        DiskScenario.Deleted,
        WebhookScenario.Sent,
        SleepScenario.Slept,
        .. DataStoreScenarios.All,
    ];

    public override string ToString() => Name;

    internal static Func<SimPlatform, CancellationToken, Task> Apply(string commit, string blueprint = Blueprint) => async (platform, token) =>
    {
        var result = await platform.ApplyAsync(new ApplyBlueprint { Blueprint = blueprint, Commit = commit }, token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await platform.SettleAsync(token);
    };

    private static async Task ScaleAsync(SimPlatform platform, CancellationToken token)
    {
        await Apply(UploadedSource.First, Blueprint.Replace("numInstances: 2", "numInstances: 4", StringComparison.Ordinal))(platform, token);
        await Apply(UploadedSource.First)(platform, token);
    }

    private static async Task RestartServiceAsync(SimPlatform platform, CancellationToken token)
    {
        await using (var db = await platform.OpenAsync(token))
        {
            var api = db.Services.Single(row => row.Name == "api");
            (api.RestartCount, api.Version) = (api.RestartCount + 1, api.Version + 1);
            await SaveAsync(db, platform, token);
        }
        await platform.SettleAsync(token);
    }

    private static async Task RunJobAsync(SimPlatform platform, CancellationToken token)
    {
        await platform.AskAsync(async db => await platform.Get<NewJobs>().AddAsync(
            db, await db.Services.SingleAsync(row => row.Name == "api", token), "work", null, new Actor("usr-1", "a@example.org"), token), token);
        await platform.SettleAsync(token);
    }

    private static async Task CancelJobAsync(SimPlatform platform, CancellationToken token)
    {
        platform.World.RunsTakeLong = true;
        await RunJobAsync(platform, token);
        await platform.AskAsync(async db =>
        {
            foreach (var job in await db.Jobs.ToListAsync(token))
                NewJobs.Cancel(job, null);
        }, token);
        await platform.SettleAsync(token);
    }

    private static Task ApplyCronAsync(SimPlatform platform, CancellationToken token) => Apply(UploadedSource.First, Blueprint + """

          - type: cron
            name: nightly
            runtime: node
            rootDir: worker
            schedule: "0 3 * * *"
            buildCommand: make
            startCommand: sweep
          - type: cron
            name: early
            runtime: node
            rootDir: worker
            schedule: "0 2 * * *"
            buildCommand: make
            startCommand: count
        """)(platform, token);

    /// <summary>Two days in which each night's run goes well, then three in which the server is down.</summary>
    private static async Task ScheduleAsync(SimPlatform platform, CancellationToken token)
    {
        foreach (var days in (int[])[1, 1, 3])
        {
            platform.Time.Advance(TimeSpan.FromDays(days));
            await platform.SettleAsync(token);
        }
        await using var db = await platform.OpenAsync(token);
        foreach (var runs in (await db.Jobs.OrderBy(row => row.Id).ToListAsync(token)).GroupBy(row => row.ServiceId))
        {
            Assert.Equal([1, 2, 5], runs.Select(run => run.ScheduledFor!.Value.Day));
            Assert.All(runs, run => Assert.Equal(JobStatus.Succeeded, run.Status));
        }
        Assert.Equal(2, await db.Jobs.Select(row => row.ServiceId).Distinct().CountAsync(token));
    }

    private static async Task SuspendAsync(SimPlatform platform, CancellationToken token)
    {
        var by = new Actor("usr-1", "a@example.org");
        await platform.AskAsync(async db => platform.Get<ServiceOperations>()
            .Suspend(db, await db.Services.SingleAsync(row => row.Name == "api", token), by), token);
        await platform.SettleAsync(token);
        Assert.Equal(Core.Routing.ServiceRouteState.Suspended, platform.Edge.Served!.Services.Single(item => item.Name == "api").State);
        await platform.AskAsync(async db => platform.Get<ServiceOperations>()
            .Resume(db, await db.Services.SingleAsync(row => row.Name == "api", token), by), token);
        await platform.SettleAsync(token);
    }

    private static async Task KillAsync(SimPlatform platform, CancellationToken token)
    {
        foreach (var instance in platform.World.Instances.ToList())
            platform.World.Kill(instance);
        await platform.SettleAsync(token);
    }

    private static async Task OvertakeAsync(SimPlatform platform, CancellationToken token)
    {
        var second = new ApplyBlueprint { Blueprint = Blueprint, Commit = UploadedSource.Second };
        await platform.ApplyAsync(second, token);
        await platform.PassAsync(token);
        await Apply(UploadedSource.First)(platform, token);
    }

    /// <summary>So often that one is let finish, and the newest waits for it.</summary>
    private static async Task PushOftenAsync(SimPlatform platform, CancellationToken token)
    {
        platform.World.RunsTakeLong = true;
        for (var push = 0; push <= Overlap.MostInARow + 1; push++)
        {
            await platform.AskAsync(async db => await platform.Get<NewDeploys>().AddAsync(
                db, await db.Services.SingleAsync(row => row.Name == "worker", token),
                new DeployRequest(Core.Deploys.DeployTrigger.NewCommit, "pushed") { Build = Core.Deploys.DeployBuild.Always }, token), token);
            for (var pass = 0; pass < 3; pass++)
                await platform.PassAsync(token);
        }
        platform.World.RunsTakeLong = false;
        await platform.SettleAsync(token);
    }

    private static async Task DeployOftenAsync(SimPlatform platform, CancellationToken token)
    {
        for (var time = 0; time <= PlatformSettings.DefaultKeptDeploys; time++)
            await Apply(time % 2 == 0 ? UploadedSource.First : UploadedSource.Second,
                Blueprint.Replace("buildCommand: make", $"buildCommand: make {time}", StringComparison.Ordinal))(platform, token);
    }

    private static async Task SweepAsync(SimPlatform platform, CancellationToken token)
    {
        platform.Time.Advance(TimeSpan.FromMinutes(11));
        await platform.SettleAsync(token);
        platform.Time.Advance(TimeSpan.FromMinutes(11));
        await platform.SettleAsync(token);
        await using var db = await platform.OpenAsync(token);
        var lent = db.Deploys.Select(row => row.ArtifactId).Distinct().AsEnumerable().OfType<string>();
        Assert.All(lent, artifact => Assert.Contains(new Core.Engines.RunId(artifact), platform.World.Runs.Keys));
        Assert.Equal(3 * PlatformSettings.DefaultKeptDeploys, platform.World.Runs.Values.Count(run => run.IsBuild));
    }

    /// <summary>The user's call, which they repeat when it failed without effect.</summary>
    internal static Task SaveAsync(PorticoDb db, SimPlatform platform, CancellationToken token) =>
        TryAsync(() => db.SaveChangesAsync(token), platform, token);

    /// <summary>Makes a call of a user whose answer may be lost.</summary>
    internal static async Task TryAsync(Func<Task> call, SimPlatform platform, CancellationToken token)
    {
        try
        {
            await call();
        }
        catch (Portico.Testing.Engines.SimulatedFault)
        {
            if (platform.DieOnFault)
                await platform.RestartAsync(token);
        }
    }
}
