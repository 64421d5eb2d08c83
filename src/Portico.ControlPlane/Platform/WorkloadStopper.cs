using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Stops everything that the engine runs: builds and jobs, then services, then data stores.</summary>
internal sealed class WorkloadStopper(IEngine engine, TimeProvider time)
{
    /// <summary>A service may take 300 seconds to shut down before the engine kills it.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">Instances still run after <see cref="Limit"/>; the message names them.</exception>
    public async Task StopAsync()
    {
        foreach (var run in (await engine.ListAsync(CancellationToken.None)).Runs)
            await engine.CancelRunAsync(run, CancellationToken.None);
        // Services first: they may need their database until they end.
        await RetireAsync(id => id.Value.StartsWith("dep-", StringComparison.Ordinal));
        await RetireAsync(static _ => true);
        if (Running(static _ => true) is { Count: > 0 } left)
            throw new TimeoutException($"These instances did not stop within {Limit.TotalMinutes:0} minutes: {string.Join(", ", left)}.");
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
