using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Services;

/// <summary>How long deploys and instances that are to end have been finishing what they have, and whether they are through.</summary>
/// <remarks>
/// What is under way, a websocket too, is waited for as long as the service may take to shut down, and for half a minute where
/// that is less. Only then is it told to stop, and has that time once more to do so. A server that starts begins to count anew.
/// </remarks>
public sealed class Drains(RoutesState routes, TimeProvider time)
{
    // Routes are published before requests can be counted: a moment for those that had already chosen an instance.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, (DateTimeOffset Since, TimeSpan Limit)> _under = new(StringComparer.Ordinal);

    /// <summary>Begins with those that are new, and forgets those that are gone.</summary>
    /// <param name="ending">What is to end, a deploy or an instance, each with its deploy.</param>
    public async Task BeginAsync(PorticoDb db, IReadOnlyCollection<(string What, string Deploy)> ending, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ending);
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

    /// <param name="what">A deploy or an instance that was begun with.</param>
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
