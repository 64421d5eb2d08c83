using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>Connects to an instance of a service, and waits for a while when there is none.</summary>
internal sealed class InstanceConnector(string serviceId, ModelStore store, HeldRequests held, TimeProvider time)
{
    /// <returns>Null when no instance accepted in time. A refused connection has sent nothing, so each attempt is harmless.</returns>
    public async Task<InstanceConnection?> ConnectAsync(CancellationToken cancellationToken)
    {
        var retries = new RetryBudget(time);
        while (true)
        {
            if (store.Current.FindService(serviceId) is not { } service || !HeldRequests.IsHeld(service.State))
                return null;
            service.Activity?.Touch();
            if (Balancer.Choose(service.Instances) is not { } instance)
            {
                var canRetry = await held.WaitAsync(serviceId, retries, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (!canRetry)
                    return null;
            }
            else if (await TryAsync(service, instance, cancellationToken) is { } connection)
            {
                return connection;
            }
            else if (!retries.MayFollow(AttemptFailure.Unreachable, time.GetTimestamp()))
            {
                return null;
            }
            else if (service.Instances.All(other => other.IsAvoided))
            {
                await Task.Delay(RetryBudget.Pause, time, cancellationToken);
            }
        }
    }

    private async Task<InstanceConnection?> TryAsync(ServiceTarget service, Instance instance, CancellationToken cancellationToken)
    {
        var connection = new InstanceConnection(instance, service.Activity);
        try
        {
            if (store.Current.FindService(service.Id)?.Has(instance) == true)
            {
                connection.Socket = await UpstreamConnector.OpenAsync(instance.EndPoint, cancellationToken);
                return connection;
            }
        }
        catch (InstanceUnreachableException)
        {
            instance.Avoid();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.Dispose();
        return null;
    }
}
