using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Services;

/// <summary>Tracks how long deploys and instances that are to stop have been draining, and whether they have finished.</summary>
/// <remarks>
/// Requests in flight, including websockets, have as long to finish as the service may take to shut down, but at least 30
/// seconds. Only then is the instance told to stop, and gets the same time again. After a restart, the server starts
/// counting again.
/// </remarks>
internal sealed class DrainTracker(RoutesState routes, TimeProvider time)
{
    // Routes are published before requests can be counted: a moment for those that had already chosen an instance.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, (DateTimeOffset Since, TimeSpan Limit)> _under = new(StringComparer.Ordinal);

    /// <summary>Starts draining new items, and forgets those that no longer exist.</summary>
    /// <param name="ending">The deploys and instances that are to stop, each with its deploy.</param>
    public async Task BeginAsync(PorticoDb db, IReadOnlyCollection<(string What, string Deploy)> ending, CancellationToken cancellationToken)
    {
        foreach (var gone in _under.Keys.Except(ending.Select(item => item.What)).ToList())
            _under.Remove(gone);
        var begun = ending.Where(item => !_under.ContainsKey(item.What)).ToList();
        if (begun.Count == 0)
            return;
        var ids = begun.Select(item => item.Deploy).ToList();
        var settings = await db.Deploys.AsNoTracking().Where(row => ids.Contains(row.Id))
            .Select(row => new { row.Id, row.Settings }).ToDictionaryAsync(row => row.Id, row => row.Settings, cancellationToken);
        foreach (var (what, deploy) in begun)
            _under[what] = (time.GetUtcNow(), LimitOf(settings.GetValueOrDefault(deploy)?.MaxShutdownDelaySeconds));
    }

    /// <param name="what">A deploy or instance that is draining.</param>
    public bool IsOver(string what, IEnumerable<InstanceSnapshot> instances)
    {
        var (since, limit) = _under[what];
        var waited = time.GetUtcNow() - since;
        return waited >= limit
            || (waited >= Shortest && instances.All(instance => routes.IsOut(instance.Id.Value) && routes.InFlight(instance.Id.Value) == 0));
    }

    private static TimeSpan LimitOf(int? shutdownDelaySeconds) =>
        shutdownDelaySeconds is { } seconds && seconds > Usual.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Usual;
}
