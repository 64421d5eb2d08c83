using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Hosting.Loops;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Adds events for instances that fail and recover. It remembers what it has added for one engine process. Each event is saved on
/// its own: one that fails delays no other.
/// </summary>
internal sealed class InstanceEvents(IDbContextFactory<PorticoDb> databases, IEngine engine, EventLog events)
{
    private readonly HashSet<string> _told = [];

    /// <param name="plans">The plans of the services to report on, by service id.</param>
    public async Task TellAsync(ItemRetries items, IReadOnlyDictionary<string, string?> plans, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        foreach (var instance in engine.Observe().Instances)
        {
            if (instance.LastExit is not { } exit || !plans.TryGetValue(instance.Owner, out var plan))
                continue;
            var key = $"{instance.Id.Value}:{exit.At.UtcTicks}";
            await OnceAsync(items, instance.Owner, "server_failed", key, new ServerFailed(instance.Id.Value, ReasonOf(exit, plan)), seen, cancellationToken);
            if (instance.Status == InstanceStatus.Ready)
                await OnceAsync(items, instance.Owner, "server_available", $"{key}:available", new Nothing(), seen, cancellationToken);
        }
        _told.IntersectWith(seen);
        items.KeepOnly(seen);
    }

    private async Task OnceAsync(
        ItemRetries items, string service, string type, string key, object details, HashSet<string> seen, CancellationToken cancellationToken)
    {
        seen.Add(key);
        if (_told.Contains(key))
            return;
        await items.TryAsync(key, async token =>
        {
            await using var db = await databases.CreateDbContextAsync(token);
            await events.AddOnceAsync(db, service, type, key, details, token);
            _told.Add(key);
        }, cancellationToken);
    }

    private static Failure ReasonOf(InstanceExit exit, string? plan) => FailureReasons.Of(
        exit.Cause, exit.Signal is { } signal ? $"It was killed by signal {signal}." : "It ended for an unknown reason.", plan);
}
