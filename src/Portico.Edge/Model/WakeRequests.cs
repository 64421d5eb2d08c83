using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>Services that sleep and have requests waiting, for the server to hear of.</summary>
/// <remarks>
/// The server asks and waits; the edge never calls it. So nothing is lost while there is no server: the next one asks first of all.
/// </remarks>
internal sealed class WakeRequests(TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = NewSignal();

    // Another number than any of the edge before: whoever asks with that one has news.
    private long _sequence = time.GetUtcNow().UtcTicks;

    public IReadOnlyList<string> Held => Read().Wakes.Services;

    public bool IsHeld(string service)
    {
        lock (_gate)
            return _held.ContainsKey(service);
    }

    /// <summary>A request waits for the service from here on.</summary>
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

    /// <summary>Waits for news, at most half a minute.</summary>
    /// <param name="after">The sequence that the asker knows.</param>
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
