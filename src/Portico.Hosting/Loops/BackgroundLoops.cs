using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Portico.Hosting.Loops;

/// <summary>
/// The one way to run a loop: a pass or a wait that fails is logged once, reported, and tried again later and later; only being told
/// to stop ends it.
/// </summary>
/// <remarks>
/// <code>
/// pass → wait (its own pause, or until it is woken) → pass → …
///   └ fails → wait 1 s, 2 s, 4 s, … 15 s, whatever wakes it meanwhile → pass
/// </code>
/// </remarks>
public sealed partial class BackgroundLoops(LoopRegistry registry, TimeProvider time, ILogger<BackgroundLoops> logger)
{
    /// <summary>A loop serves many items, so it is not left alone for as long as one of them.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Runs the loop until its cancellation token is canceled.</summary>
    /// <param name="name">Unique in this process; shown by <c>portico doctor</c>.</param>
    /// <param name="pass">Does what can be done now, and says how long to wait; null: for its interval.</param>
    /// <param name="wait">Waits that long, or less when there is something to do; the default waits out the pause.</param>
    public async Task RunAsync(
        string name, Func<CancellationToken, Task<TimeSpan>> pass, CancellationToken stopping, Func<TimeSpan, CancellationToken, Task>? wait = null)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var status = registry.Get(name);
        wait ??= (pause, token) => pause > TimeSpan.Zero ? Task.Delay(pause, time, token) : Task.CompletedTask;
        var (failures, waitFails) = (0, false);
        while (!stopping.IsCancellationRequested)
        {
            // After a wait that failed, the loop works again when it has waited, too.
            var pause = await TryAsync(status, name, pass, !waitFails, stopping);
            var waited = pause is { } own ? await TryAsync(status, name, token => WaitAsync(wait, own, token), waitFails, stopping) : null;
            waitFails = pause is null ? waitFails : waited is null;
            failures = waited is null ? failures + 1 : 0;
            if (waited is null)
                await Task.Delay(RetryDelay.After(failures, LongestPause), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<TimeSpan> WaitAsync(Func<TimeSpan, CancellationToken, Task> wait, TimeSpan pause, CancellationToken stopping)
    {
        await wait(pause, stopping);
        return pause;
    }

    /// <param name="isWhole">Whether the loop works when this has succeeded.</param>
    /// <returns>How long to wait; null when it failed.</returns>
    private async Task<TimeSpan?> TryAsync(
        LoopStatus status, string name, Func<CancellationToken, Task<TimeSpan>> work, bool isWhole, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var pause = await work(stopping);
            if (isWhole && status.Succeeded(time.GetUtcNow(), Stopwatch.GetElapsedTime(started)))
                LogRecovered(name);
            return pause;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Whatever it was, the next pass starts from state again, so a failed one costs only time.
            if (status.Failed(time.GetUtcNow(), Stopwatch.GetElapsedTime(started), exception.Message))
                LogFailed(exception, name);
            return null;
        }
    }

    [LoggerMessage(EventName = "LoopFailed", Level = LogLevel.Error, Message = "Background loop '{Loop}' failed. It is retried until it succeeds.")]
    private partial void LogFailed(Exception exception, string loop);

    [LoggerMessage(EventName = "LoopRecovered", Level = LogLevel.Information, Message = "Background loop '{Loop}' works again.")]
    private partial void LogRecovered(string loop);
}
