using Portico.ControlPlane.State;
using Portico.Core.Engines;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Running;

/// <summary>Adds events for instances that fail and recover. It remembers what it has added for one engine process.</summary>
internal sealed class InstanceEvents(IEngine engine, EventLog events)
{
    private readonly HashSet<string> _told = [];

    /// <param name="plans">The plans of the services to report on, by service id.</param>
    public async Task TellAsync(PorticoDb db, IReadOnlyDictionary<string, string?> plans, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        foreach (var instance in engine.Observe().Instances)
        {
            if (instance.LastExit is not { } exit || !plans.TryGetValue(instance.Owner, out var plan))
                continue;
            var key = $"{instance.Id.Value}:{exit.At.UtcTicks}";
            await OnceAsync(db, instance.Owner, "server_failed", key, new ServerFailed(instance.Id.Value, ReasonOf(exit, plan)), seen, cancellationToken);
            if (instance.Status == InstanceStatus.Ready)
                await OnceAsync(db, instance.Owner, "server_available", $"{key}:available", new Nothing(), seen, cancellationToken);
        }
        _told.IntersectWith(seen);
    }

    private async Task OnceAsync(
        PorticoDb db, string service, string type, string key, object details, HashSet<string> seen, CancellationToken cancellationToken)
    {
        seen.Add(key);
        if (_told.Contains(key))
            return;
        await events.AddOnceAsync(db, service, type, key, details, cancellationToken);
        _told.Add(key);
    }

    private static Failure ReasonOf(InstanceExit exit, string? plan) => FailureReasons.Of(
        exit.Cause, exit.Signal is { } signal ? $"It was killed by signal {signal}." : "It ended for an unknown reason.", plan);
}
