using Portico.Core.Routing;
using Portico.Edge.Model;
using Portico.Edge.Relay;
using Portico.Edge.Resolvers;

namespace Portico.Edge.Hosting;

/// <summary>Reads what this edge serves and how many requests are in progress, for the server.</summary>
internal sealed class EdgeStatusReader(
    ModelStore store, InFlightRegistry registry, WakeRequests wakes, SnapshotLoader loader, RelayPorts ports, ResolverPorts resolvers, EdgeHealthReport health)
{
    /// <remarks>
    /// The model is read before the counters: a request that was counted on an older model after this would see the newer one
    /// and choose again. So "this version, none in flight" means that the instance may be stopped.
    /// </remarks>
    public EdgeStatus Read()
    {
        var model = store.Current;
        Interlocked.MemoryBarrier();
        var busy = registry.CountBusy();
        return health.AddTo(new EdgeStatus(model.Version, Environment.ProcessId, loader.Refused, busy)
        {
            Problems = [.. model.Problems, .. ports.Problems, .. resolvers.Problems, .. loader.NotSaved is { } reason ? new[] { reason } : []],
            Held = wakes.Held,
            LastTraffic = ActivityRegistry.Read(model, wakes),
        });
    }
}
