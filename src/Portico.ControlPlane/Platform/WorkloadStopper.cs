using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Stops everything that the engine runs: builds and jobs, then services, then data stores.</summary>
internal sealed class WorkloadStopper(IEngine engine, TimeProvider time)
{
    /// <summary>A service may take 300 seconds to shut down before the engine kills it.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">Instances or builds still run after <see cref="Limit"/>; the message names them.</exception>
    public async Task StopAsync()
    {
        var runs = (await engine.ListAsync(CancellationToken.None)).Runs;
        foreach (var run in runs)
            await engine.CancelRunAsync(run, CancellationToken.None);
        // Services first: they may need their database until they end.
        await RetireAsync(id => id.Value.StartsWith("dep-", StringComparison.Ordinal));
        await RetireAsync(static _ => true);
        // A canceled build may have thousands of processes: they end with the server's help, or not at all.
        var building = await UnfinishedAsync(runs);
        for (var start = time.GetTimestamp(); building.Count > 0 && time.GetElapsedTime(start) < Limit; building = await UnfinishedAsync(building))
            await Task.Delay(Poll, time, CancellationToken.None);
        if (Running(static _ => true).Concat(building.Select(run => run.Value)).ToList() is { Count: > 0 } left)
            throw new TimeoutException($"These instances and builds did not stop within {Limit.TotalMinutes:0} minutes: {string.Join(", ", left)}.");
    }

    private async Task<List<RunId>> UnfinishedAsync(IReadOnlyList<RunId> runs)
    {
        var unfinished = new List<RunId>();
        foreach (var run in runs)
            if (await engine.GetRunAsync(run, CancellationToken.None) is RunState.Running)
                unfinished.Add(run);
        return unfinished;
    }

    private async Task RetireAsync(Func<RevisionId, bool> which)
    {
        foreach (var revision in (await engine.ListAsync(CancellationToken.None)).Revisions.Where(which))
            await engine.RetireAsync(revision, CancellationToken.None);
        for (var start = time.GetTimestamp(); Running(which).Count > 0 && time.GetElapsedTime(start) < Limit;)
            await Task.Delay(Poll, time, CancellationToken.None);
    }

    private List<string> Running(Func<RevisionId, bool> which) =>
        [.. engine.Observe().Instances.Where(instance => which(instance.Revision)).Select(instance => instance.Id.Value)];
}
