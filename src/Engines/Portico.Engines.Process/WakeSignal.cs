namespace Portico.Engines.Process;

/// <summary>Wakes a loop. Signals that arrive while the loop works are merged into one.</summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Set()
    {
        lock (_signal)
            if (_signal.CurrentCount == 0)
                _signal.Release();
    }

    /// <summary>Waits for a signal, but not longer than the given time.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_signal.WaitAsync(waiting.Token), Task.Delay(longest, time, waiting.Token));
        await waiting.CancelAsync();
    }

    public void Dispose() => _signal.Dispose();
}
