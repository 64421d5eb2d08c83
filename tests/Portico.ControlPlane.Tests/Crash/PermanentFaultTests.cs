using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Hosting.Loops;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>
/// Each call that a reconciler makes for one item fails, and goes on to fail forever: all other resources end as if nothing
/// had happened.
/// </summary>
public sealed partial class PermanentFaultTests(ITestOutputHelper output)
{
    /// <summary>Long enough for everything that gives up to have given up.</summary>
    private const int Passes = 90;

    /// <summary>A call that is retried with back-off is made far less often than there are passes.</summary>
    private const int MostRetries = 60;

    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task What_fails_forever_for_one_resource_holds_up_no_other(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var scenario = Scenario.All.Single(item => item.Name == name);
        var undisturbed = await RunAsync(scenario, -1, token);
        var points = undisturbed.Calls.Select((call, index) => (Index: index, call.Subject, call.Caller))
            .Where(point => point.Caller is not null && KindOf(point.Subject) is not null)
            .DistinctBy(point => (point.Subject, point.Caller)).ToList();
        await Parallel.ForEachAsync(points, token, async (point, cancellation) =>
        {
            var disturbed = await RunAsync(scenario, point.Index, cancellation);
            foreach (var (resource, end) in undisturbed.End)
                if (!disturbed.Affected.Contains(resource))
                    Assert.True(disturbed.End.TryGetValue(resource, out var other) && other == end,
                        $"{name}: '{point.Subject}' of {point.Caller} fails forever, and {resource} ended as\n{other}\ninstead of\n{end}\nwhile these failed:\n{disturbed.Failing}");
        });
        var combinations = points.Select(point => $"{KindOf(point.Subject)} × {point.Caller}").Distinct().Order().ToList();
        output.WriteLine($"{name}: {points.Count} calls that fail forever, {combinations.Count} combinations of call and reconciler:\n{string.Join("\n", combinations)}");
    }

    private static async Task<(Dictionary<string, string> End, List<(string Subject, string? Caller)> Calls, HashSet<string> Affected, string Failing)> RunAsync(
        Scenario scenario, int point, CancellationToken token)
    {
        await using var platform = await SimPlatform.StartAsync(token);
        await scenario.PrepareAsync(platform, token);
        var before = platform.Faults.Passed.Count;
        (platform.Faults.Target, platform.Faults.Fault) = (point < 0 ? -1 : before + point, Fault.FailForever);
        try
        {
            await scenario.ActAsync(platform, token);
        }
        catch (Exception exception) when (point >= 0 && exception is not OperationCanceledException)
        {
            // The scenario looks at the resource that fails, or waits until it comes to rest.
        }
        for (var pass = 0; pass < Passes; pass++)
            await platform.PassAsync(token);
        if (point >= 0)
        {
            var subject = platform.Faults.Calls[before + point].Subject;
            Assert.InRange(platform.Faults.Calls.Count(call => call.Subject == subject), 1, MostRetries);
        }
        var affected = point < 0 ? [] : await AffectedAsync(platform, platform.Faults.Calls[before + point].Subject, token);
        return (await EndAsync(platform, token), platform.Faults.Calls[before..], affected, FailingIn(platform));
    }

    /// <summary>The kind of call; null for a save of several resources at once, which is one change of one user.</summary>
    private static string? KindOf(string subject)
    {
        var kind = Id().Replace(subject, "…");
        return subject.StartsWith("save", StringComparison.Ordinal) && Id().Count(subject) != 1 ? null : kind;
    }

    /// <summary>The resource that the call is for, and those whose variables refer to it.</summary>
    private static async Task<HashSet<string>> AffectedAsync(SimPlatform platform, string subject, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var ids = Id().Matches(subject).Select(match => match.Value).ToHashSet();
        var deploys = await db.Deploys.Where(row => ids.Contains(row.Id)).Select(row => row.ServiceId).ToListAsync(token);
        var jobs = await db.Jobs.Where(row => ids.Contains(row.Id)).Select(row => row.ServiceId).ToListAsync(token);
        ids.UnionWith(deploys.Concat(jobs));
        var names = (await db.Services.Where(row => ids.Contains(row.Id)).Select(row => row.Name).ToListAsync(token))
            .Concat(await db.DataStores.Where(row => ids.Contains(row.Id) || subject.EndsWith(" " + row.Name)).Select(row => row.Name).ToListAsync(token)).ToHashSet();
        // A service waits for the data stores that it needs.
        if (names.Contains("db"))
            names.Add("api");
        if (names.Contains("cache"))
            names.Add("worker");
        return names;
    }

    private static string FailingIn(SimPlatform platform) => string.Join("\n", platform.Get<LoopRegistry>().Read()
        .SelectMany(loop => loop.Items.Select(item => $"{loop.Name}: {item.Item}, {item.Attempts} times: {item.Message}")));

    private static async Task<Dictionary<string, string>> EndAsync(SimPlatform platform, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var end = new Dictionary<string, string>();
        foreach (var store in await db.DataStores.ToListAsync(token))
            end[store.Name] = $"{store.Status.Name()}, instances: {Instances(platform, store.Id)}";
        foreach (var service in await db.Services.ToListAsync(token))
        {
            var deploys = await db.Deploys.Where(row => row.ServiceId == service.Id).OrderBy(row => row.Id).ToListAsync(token);
            var route = platform.Edge.Served!.Services.SingleOrDefault(item => item.ServiceId == service.Id);
            var jobs = await db.Jobs.Where(row => row.ServiceId == service.Id).OrderBy(row => row.Id).Select(row => row.Status).ToListAsync(token);
            end[service.Name] = $"{string.Join(", ", deploys.Select(deploy => deploy.Status.Name()))}, routed {route?.State} to {route?.Instances.Count}, "
                + $"instances: {Instances(platform, service.Id)}, jobs: {string.Join(", ", jobs)}";
        }
        return end;
    }

    private static string Instances(SimPlatform platform, string owner) => string.Join(", ", platform.World.Revisions.Values
        .Where(revision => revision.Revision.Owner == owner)
        .Select(revision => $"{revision.Instances.Count(instance => instance.Status == InstanceStatus.Ready)} of {revision.Instances.Count}"));

    [GeneratedRegex(@"\b(?:dep|srv|crn|dpg|red|job|crr)-[0-9a-z]+")]
    private static partial Regex Id();
}
