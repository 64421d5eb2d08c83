using Portico.Core.Routing;
using Portico.Edge.Model;

namespace Portico.Edge.Proxy;

/// <summary>Requests and connections that wait for a service to have an instance: one that is about to be ready, or one that is to wake up.</summary>
internal sealed class Holds(ModelStore store, WakeRequests wakes, TimeProvider time)
{
    public static bool IsHeld(ServiceRouteState state) => state is ServiceRouteState.Live or ServiceRouteState.Asleep;

    /// <summary>Waits until the service has an instance, or anything else has changed.</summary>
    /// <returns>False when nothing did in time, or the client has left.</returns>
    public async Task<bool> WaitAsync(string serviceId, Retries retries, CancellationToken aborted)
    {
        // Taken before looking, or a change in between is missed.
        var changed = store.Changed;
        var model = store.Current;
        if (model.FindService(serviceId) is not { Instances.Length: 0 } service || !IsHeld(service.State))
            return true;
        var asleep = service.State == ServiceRouteState.Asleep;
        var left = asleep ? retries.Left(model.WakePatience) : retries.HoldLeft;
        if (left <= TimeSpan.Zero)
            return false;
        if (asleep)
            wakes.Enter(serviceId);
        try
        {
            await changed.WaitAsync(left, time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            if (asleep)
                wakes.Leave(serviceId);
        }
        return changed.IsCompleted && !aborted.IsCancellationRequested;
    }
}
