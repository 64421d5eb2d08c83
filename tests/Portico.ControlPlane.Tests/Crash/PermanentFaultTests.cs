using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Hosting.Loops;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>
/// Each kind of call that a reconciler makes for an item fails forever for the first of the items, in the first scenario that has it:
/// all other resources end as if nothing had happened. If <c>PORTICO_CRASH_CALLS</c> is <c>all</c>, it fails in each of the scenarios,
/// for each of the items in turn.
/// </summary>
public sealed partial class PermanentFaultTests(ITestOutputHelper output)
{
    /// <summary>Long enough for everything that gives up to have given up.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(90);

    /// <summary>A call that is retried with back-off is made far less often than once a second.</summary>
    private const int MostRetries = 60;

    public static TheoryData<string> Scenarios => [.. All.Select(scenario => scenario.Name)];

    /// <summary>A run of each scenario in which nothing goes wrong, in their order.</summary>
    private static readonly Lazy<Task<OrderedDictionary<string, Run>>> Undisturbed = new(RunAllAsync);

    private static IEnumerable<Scenario> All => [.. Scenario.All, .. ReconcilerScenarios.All];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task What_fails_forever_for_one_resource_holds_up_no_other(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var (scenario, undisturbed) = (All.Single(item => item.Name == name), (await Undisturbed.Value)[name]);
        var kinds = KindsIn(undisturbed.Calls);
        var met = kinds.Select(kind => kind.Key.Caller).ToList();
        Assert.Empty(ReconcilerCoverageTests.MetIn(name).Except(met));
        var before = TestExtent.IsFull ? [] : (await Undisturbed.Value).TakeWhile(item => item.Key != name).SelectMany(item => KindsIn(item.Value.Calls)).Select(kind => kind.Key).ToHashSet();
        var points = kinds.Where(kind => !before.Contains(kind.Key))
            .SelectMany(kind => kind.Select((point, index) => (point.Subject, point.Caller, Item: index)).Take(TestExtent.IsFull ? int.MaxValue : 1)).ToList();
        await Parallel.ForEachAsync(points, token, async (point, cancellation) =>
        {
            var disturbed = await RunAsync(scenario, (KindOf(point.Subject)!, point.Caller!, point.Item), cancellation);
            foreach (var (resource, end) in undisturbed.End)
                if (!disturbed.Affected.Contains(resource))
                    Assert.True(disturbed.End.TryGetValue(resource, out var other) && other == end,
                        $"{name}: '{point.Subject}' of {point.Caller} fails forever, and {resource} ended as\n{other}\ninstead of\n{end}\nwhile these failed:\n{disturbed.Failing}");
        });
        var combinations = points.Select(point => $"{KindOf(point.Subject)} × {point.Caller}").Distinct().Order().ToList();
        output.WriteLine($"{name}: {points.Count} calls that fail forever, {combinations.Count} combinations of call and reconciler:\n{string.Join("\n", combinations)}");
    }

    private static async Task<OrderedDictionary<string, Run>> RunAllAsync()
    {
        var runs = new ConcurrentDictionary<string, Run>();
        await Parallel.ForEachAsync(All, async (scenario, token) => runs[scenario.Name] = await RunAsync(scenario, null, token));
        return new(All.Select(scenario => KeyValuePair.Create(scenario.Name, runs[scenario.Name])));
    }

    private static List<IGrouping<(string? Kind, string? Caller), (string Subject, string? Caller)>> KindsIn(IEnumerable<(string Subject, string? Caller)> calls) =>
        [.. calls.Where(call => call.Caller is not null && KindOf(call.Subject) is not null).Distinct().GroupBy(call => (KindOf(call.Subject), call.Caller))];

    private static async Task<Run> RunAsync(
        Scenario scenario, (string Kind, string Caller, int Item)? fault, CancellationToken token)
    {
        await using var platform = await SimPlatform.StartAsync(token);
        await scenario.PrepareAsync(platform, token);
        var before = platform.Faults.Calls.Count;
        if (fault is var (kind, caller, item))
            platform.Faults.FailsForever = Nth(kind, caller, item);
        try
        {
            await scenario.ActAsync(platform, token);
        }
        catch (Exception exception) when (fault is not null && exception is not OperationCanceledException)
        {
            // The scenario looks at the resource that fails, or waits until it comes to rest.
        }
        await platform.RunForAsync(Span, token);
        if (fault is null)
            return new Run(await EndAsync(platform, token), platform.Faults.Calls[before..], [], "");
        // Where the order of events left no need for the call, nothing has failed, and everything must end as usual.
        var attempts = platform.Faults.FailedCalls;
        // What is for no item fails with its whole pass, and the loop waits before the next one, which is not simulated.
        Assert.True(attempts <= MostRetries || !DisturbedRuns.Id().IsMatch(platform.Faults.FailingSubject!), $"{scenario.Name}: '{platform.Faults.FailingSubject}' of {fault.Value.Caller} was tried {attempts} times.");
        HashSet<string> affected = platform.Faults.FailingSubject is { } subject ? await AffectedAsync(platform, subject, token) : [];
        return new Run(await EndAsync(platform, token), platform.Faults.Calls[before..], affected, FailingIn(platform));
    }

    /// <summary>Calls of one kind are told apart by their item; the work beside the reconcilers may come in another order each time.</summary>
    private static Func<string, string?, bool> Nth(string kind, string caller, int item)
    {
        var seen = new List<string>();
        return (subject, by) =>
        {
            if (by != caller || KindOf(subject) != kind)
                return false;
            if (!seen.Contains(subject))
                seen.Add(subject);
            return seen.Count > item && seen[item] == subject;
        };
    }

    /// <summary>The kind of call; null for a save of several resources at once, as of a user who applies a Blueprint.</summary>
    private static string? KindOf(string subject)
    {
        var kind = DisturbedRuns.Id().Replace(subject, "…");
        return subject.StartsWith("save", StringComparison.Ordinal)
            && (!DisturbedRuns.Id().IsMatch(subject)
                || Resource().Matches(subject).Select(match => match.Value).Distinct().Count() > 1) ? null : kind;
    }

    /// <summary>The resource that the call is for, and those whose variables refer to it.</summary>
    private static async Task<HashSet<string>> AffectedAsync(SimPlatform platform, string subject, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var ids = DisturbedRuns.Id().Matches(subject).Select(match => match.Value).ToHashSet();
        var deploys = await db.Deploys.Where(row => ids.Contains(row.Id)).Select(row => row.ServiceId).ToListAsync(token);
        var jobs = await db.Jobs.Where(row => ids.Contains(row.Id)).Select(row => row.ServiceId).ToListAsync(token);
        var domains = await db.CustomDomains.Where(row => ids.Contains(row.Id)).Select(row => row.ServiceId).ToListAsync(token);
        ids.UnionWith(deploys.Concat(jobs).Concat(domains));
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
            end[service.Name] = $"{string.Join(", ", deploys.Select(deploy => deploy.Status.Name()))}, routed {route?.State} to {route?.Instances.Count} as {string.Join(" ", route?.Hosts ?? [])}, "
                + $"instances: {Instances(platform, service.Id)}, jobs: {string.Join(", ", jobs)}";
        }
        return end;
    }

    private static string Instances(SimPlatform platform, string owner) => string.Join(", ", platform.World.Revisions.Values
        .Where(revision => revision.Revision.Owner == owner)
        .Select(revision => $"{revision.Instances.Count(instance => instance.Status == InstanceStatus.Ready)} of {revision.Instances.Count}"));

    /// <param name="End">Of each resource, by its name.</param>
    /// <param name="Calls">In their order.</param>
    /// <param name="Affected">The names of the resources that the fault is for.</param>
    /// <param name="Failing">The items that wait for a retry.</param>
    private sealed record Run(Dictionary<string, string> End, List<(string Subject, string? Caller)> Calls, HashSet<string> Affected, string Failing);

    /// <summary>The ids of what ends on its own; deploys and jobs are parts of it.</summary>
    [GeneratedRegex(@"\b(?:srv|crn|dpg|red)-[0-9a-z]+")]
    private static partial Regex Resource();
}
