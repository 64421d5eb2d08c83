using System.Net.Sockets;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>A connection to an instance, counted as long as it is open.</summary>
internal sealed class InstanceConnection : IRelayedConnection, IDisposable
{
    private const long QuietMilliseconds = 1000;
    private readonly Instance _instance;
    private readonly ServiceActivity? _activity;
    private long _lastBytes = Environment.TickCount64;
    private bool _owesAnswer;

    /// <param name="activity">The activity of a service that sleeps without traffic; null for others.</param>
    public InstanceConnection(Instance instance, ServiceActivity? activity)
    {
        _activity = activity;
        _instance = instance;
        instance.InFlight.Add(this);
    }

    public Socket Socket { get; set; } = null!;

    /// <summary>
    /// Whether the instance owes a response, or bytes moved a moment ago. A keep-alive connection that waits for its next request is
    /// not busy, so it does not delay a drain.
    /// </summary>
    public bool IsBusy => Volatile.Read(ref _owesAnswer) || Environment.TickCount64 - Volatile.Read(ref _lastBytes) < QuietMilliseconds;

    public void Moved(bool toInstance)
    {
        Volatile.Write(ref _owesAnswer, toInstance);
        Volatile.Write(ref _lastBytes, Environment.TickCount64);
        _activity?.Touch();
    }

    public void Dispose()
    {
        Socket?.Dispose();
        _instance.InFlight.Remove(this);
    }
}
