using Microsoft.EntityFrameworkCore;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>
/// Every call by which the control plane acts (on the engine, on a data store, on its database) fails before its effect,
/// loses its answer after it, is made twice, and is the moment of the process's death: the end is the same as without.
/// Calls that are alike take some of these ways, unless <c>PORTICO_CRASH_CALLS</c> is <c>all</c>.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Whatever_goes_wrong_the_end_is_the_same(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var scenario = Scenario.All.Single(item => item.Name == name);
        var undisturbed = await RunAsync(scenario, -1, Fault.None, false, token);
        var points = undisturbed.Points;
        var ways = DisturbedRuns.Of(points, undisturbed.Calls);
        await Parallel.ForEachAsync(ways, token, async (way, cancellation) =>
        {
            var disturbed = await RunAsync(scenario, way.Index, way.Fault, way.Die, cancellation);
            Assert.True(disturbed.Struck, $"{name}: point {way.Index} ({way.Point}) was not reached.");
            Assert.True(undisturbed.End == disturbed.End,
                $"{name}: {way.Fault}{(way.Die ? " and death" : "")} at point {way.Index} ({way.Point}) ended in\n{disturbed.End}\ninstead of\n{undisturbed.End}");
        });
        output.WriteLine($"{name}: {points.Count} points, {ways.Count} disturbed runs.\n{undisturbed.End}");
    }

    private static async Task<(string End, IReadOnlyList<string> Points, IReadOnlyList<(string Subject, string? Caller)> Calls, bool Struck)> RunAsync(
        Scenario scenario, int point, Fault fault, bool die, CancellationToken token)
    {
        await using var platform = await SimPlatform.StartAsync(token);
        await scenario.PrepareAsync(platform, token);
        var before = platform.Faults.Passed.Count;
        (platform.Faults.Target, platform.Faults.Fault, platform.DieOnFault) = (point < 0 ? -1 : before + point, fault, die);
        await scenario.ActAsync(platform, token);
        await RepairAsync(platform, token);
        return (await EndAsync(platform, token), platform.Faults.Passed[before..], platform.Faults.PassedCalls[before..], platform.Faults.Struck);
    }

    /// <summary>A deploy that failed must say why, and applying again must be all that it takes.</summary>
    private static async Task RepairAsync(SimPlatform platform, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var newest = await db.Deploys.GroupBy(row => row.ServiceId).Select(group => group.Max(row => row.Id)).ToListAsync(token);
        var failed = await db.Deploys.Where(row => newest.Contains(row.Id) && row.Failure != null).ToListAsync(token);
        if (failed.Count == 0)
            return;
        Assert.All(failed, deploy => Assert.NotEmpty(deploy.Failure!.Message));
        await platform.ApplyAsync(platform.LastApplied!, token);
        await platform.SettleAsync(token);
    }

    /// <summary>What a user would see, without ids: and nothing that nobody wants.</summary>
    private static async Task<string> EndAsync(SimPlatform platform, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var lines = new List<string>();
        foreach (var store in await db.DataStores.OrderBy(row => row.Name).ToListAsync(token))
            lines.Add($"{store.Name} {store.Status.Name()}, instances: {Instances(platform, store.Id)}");
        foreach (var service in await db.Services.OrderBy(row => row.Name).ToListAsync(token))
        {
            var deploys = await db.Deploys.Where(row => row.ServiceId == service.Id).OrderBy(row => row.Id).ToListAsync(token);
            var live = deploys.Single(row => row.Status == DeployStatus.Live);
            Assert.Equal(live.Id, service.RoutedDeployId);
            Assert.DoesNotContain(deploys, row => row.Status.IsActive());
            var route = platform.Edge.Served!.Services.SingleOrDefault(item => item.ServiceId == service.Id);
            lines.Add($"{service.Name} live at {live.Commit![..6]}, routed {route?.State} to {route?.Instances.Count}, instances: {Instances(platform, service.Id)}");
            Assert.All(route?.Instances ?? [], item => Assert.Contains(
                platform.World.Instances, instance => instance.Id.Value == item.Id && instance.Revision.Value == live.Id));
        }
        Assert.Empty(await db.Removals.ToListAsync(token));
        // One that failed first comes after those of other services.
        foreach (var job in await db.Jobs.OrderBy(row => row.Command).ThenBy(row => row.Id).ToListAsync(token))
            lines.Add($"{job.Kind} {job.Command} for {job.ScheduledFor:d} {job.Status}");
        Assert.All(platform.World.Starts, start => Assert.Equal(1, start.Value));
        Assert.All(
            await db.Events.GroupBy(row => row.OnceKey).Select(group => group.Count()).ToListAsync(token), count => Assert.Equal(1, count));
        return string.Join("\n", lines);
    }

    private static string Instances(SimPlatform platform, string owner) => string.Join(", ", platform.World.Revisions.Values
        .Where(revision => revision.Revision.Owner == owner)
        .Select(revision => $"{revision.Instances.Count(instance => instance.Status == InstanceStatus.Ready)} of {revision.Instances.Count}"));
}
