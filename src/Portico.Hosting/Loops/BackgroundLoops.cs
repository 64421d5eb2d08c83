using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Portico.Hosting.Loops;

/// <summary>
/// The one way to run a loop: a pass that fails is logged once, reported, and tried again later and later; only being told to
/// stop ends it.
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
        wait ??= (pause, token) => Task.Delay(pause, time, token);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var pause = await PassAsync(status, name, pass, stopping);
            failures = pause is null ? failures + 1 : 0;
            await WaitAsync(pause is { } own ? wait(own, stopping) : Task.Delay(RetryDelay.After(failures, LongestPause), time, stopping));
        }
    }

    /// <returns>How long to wait; null when it failed.</returns>
    private async Task<TimeSpan?> PassAsync(LoopStatus status, string name, Func<CancellationToken, Task<TimeSpan>> pass, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var pause = await pass(stopping);
            if (status.Succeeded(time.GetUtcNow(), Stopwatch.GetElapsedTime(started)))
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

    private static async Task WaitAsync(Task wait) => await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(EventName = "LoopFailed", Level = LogLevel.Error, Message = "Background loop '{Loop}' failed. It is retried until it succeeds.")]
    private partial void LogFailed(Exception exception, string loop);

    [LoggerMessage(EventName = "LoopRecovered", Level = LogLevel.Information, Message = "Background loop '{Loop}' works again.")]
    private partial void LogRecovered(string loop);
}
