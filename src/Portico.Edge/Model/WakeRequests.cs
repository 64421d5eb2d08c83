using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>Tells the server which sleeping services have requests waiting.</summary>
/// <remarks>
/// The server asks and waits for a reply; the edge never calls the server. So nothing is lost while the server is away: the next one asks as soon as it starts.
/// </remarks>
internal sealed class WakeRequests(TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = NewSignal();

    // Larger than every number of the previous edge, so that a server that asks with one of those gets a reply at once.
    private long _sequence = time.GetUtcNow().UtcTicks;

    public IReadOnlyList<string> Held => Read().Wakes.Services;

    public bool IsHeld(string service)
    {
        lock (_gate)
            return _held.ContainsKey(service);
    }

    /// <summary>Notes that a request starts waiting for the service.</summary>
    public void Enter(string service)
    {
        lock (_gate)
        {
            var others = _held.GetValueOrDefault(service);
            _held[service] = others + 1;
            if (others > 0)
                return;
            _sequence++;
            _news.SetResult();
            _news = NewSignal();
        }
    }

    public void Leave(string service)
    {
        lock (_gate)
        {
            if (--_held[service] == 0)
                _held.Remove(service);
        }
    }

    /// <summary>Waits until another service has a request waiting, for half a minute at most.</summary>
    /// <param name="after">The sequence of the previous reply.</param>
    public async Task<EdgeWakes> WaitAsync(long after, CancellationToken cancellationToken)
    {
        var (wakes, news) = Read();
        if (wakes.Services.Count > 0 && wakes.Sequence != after)
            return wakes;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(news, Task.Delay(LongestWait, time, timeout.Token));
        await timeout.CancelAsync();
        return Read().Wakes;
    }

    private (EdgeWakes Wakes, Task News) Read()
    {
        lock (_gate)
            return (new EdgeWakes(_sequence, [.. _held.Keys]), _news.Task);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
