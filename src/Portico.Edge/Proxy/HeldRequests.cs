using Portico.Core.Routing;
using Portico.Edge.Model;

namespace Portico.Edge.Proxy;

/// <summary>Holds requests and connections until their service has an instance that is ready, or has woken up.</summary>
internal sealed class HeldRequests(ModelStore store, WakeRequests wakes, TimeProvider time)
{
    private int _count;

    /// <summary>How many requests and connections wait now.</summary>
    public int Count => Volatile.Read(ref _count);

    public static bool IsHeld(ServiceRouteState state) => state is ServiceRouteState.Live or ServiceRouteState.Asleep;

    /// <summary>Waits until the service has an instance or the routes have changed in another way.</summary>
    /// <returns>False when nothing changed in time or the client has left.</returns>
    public async Task<bool> WaitAsync(string serviceId, RetryBudget retries, CancellationToken aborted)
    {
        // Read before the model, or a change in between is missed.
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
        Interlocked.Increment(ref _count);
        try
        {
            await changed.WaitAsync(left, time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
            if (asleep)
                wakes.Leave(serviceId);
        }
        return changed.IsCompleted && !aborted.IsCancellationRequested;
    }
}
