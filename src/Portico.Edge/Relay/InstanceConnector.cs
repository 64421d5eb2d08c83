using System.Net;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>Connects to an instance of a service, and waits for a while when there is none.</summary>
/// <param name="port">The port to connect to; null for the one that gets the instance's requests.</param>
internal sealed class InstanceConnector(string serviceId, ModelStore store, HeldRequests held, TimeProvider time, int? port = null)
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
            // Nothing listens on this port. That says nothing about the instance, and will not change within moments.
            else if (!IsOwn(EndPointOf(instance), instance) && store.Current.FindService(serviceId)?.Has(instance) == true)
            {
                return null;
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

    /// <summary>Only an instance with an address of its own is reached at any port. On an address that it shares, other ports belong to others.</summary>
    private EndPoint EndPointOf(Instance instance) =>
        port is { } asked && instance.EndPoint is IPEndPoint own && store.Current.Network?.Contains(own.Address) == true
            ? new IPEndPoint(own.Address, asked)
            : instance.EndPoint;

    private static bool IsOwn(EndPoint endPoint, Instance instance) => endPoint.Equals(instance.EndPoint);

    private async Task<InstanceConnection?> TryAsync(ServiceTarget service, Instance instance, CancellationToken cancellationToken)
    {
        var connection = new InstanceConnection(instance, service.Activity);
        try
        {
            if (store.Current.FindService(service.Id)?.Has(instance) == true)
            {
                connection.Socket = await UpstreamConnector.OpenAsync(EndPointOf(instance), cancellationToken);
                return connection;
            }
        }
        catch (InstanceUnreachableException)
        {
            if (IsOwn(EndPointOf(instance), instance))
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
