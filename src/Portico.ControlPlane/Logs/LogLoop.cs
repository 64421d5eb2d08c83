using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Logs;

/// <summary>Reads new lines as they appear, and deletes old ones. The less happens, the less often it looks.</summary>
internal sealed partial class LogLoop(
    LogIngester ingester, LogStore store, PlatformSettings settings, TimeProvider time, ILogger<LogLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(2), TidyInterval = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private TaskCompletionSource _passed = NewSignal();
    private DateTimeOffset _trimAt, _tidyAt;
    private bool _failing;

    /// <summary>Look now, instead of when it is time.</summary>
    public void Ask() => _asked.Writer.TryWrite(true);

    /// <summary>Completes when all that was written before the call can be found, or after half a second.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is not { IsCompleted: false })
            return;
        // A pass that runs just now takes its own signal away when it begins: this one is of the next.
        var passed = Volatile.Read(ref _passed).Task;
        Ask();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(passed, Task.Delay(Patience, time, timeout.Token));
        await timeout.CancelAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing at start may wait for this.
        await Task.Yield();
        var pause = Shortest;
        while (!stoppingToken.IsCancellationRequested)
        {
            var passed = Interlocked.Exchange(ref _passed, NewSignal());
            pause = await PassAsync(pause, stoppingToken);
            passed.SetResult();
            if (pause > TimeSpan.Zero)
                await WaitAsync(pause, stoppingToken);
        }
    }

    /// <returns>When to look again.</returns>
    private async Task<TimeSpan> PassAsync(TimeSpan lastPause, CancellationToken stoppingToken)
    {
        try
        {
            var found = await ingester.PassAsync(stoppingToken);
            var hasMore = KeepHouse() || ingester.HasMore;
            if (_failing)
                LogRecovered();
            _failing = false;
            if (hasMore)
                return TimeSpan.Zero;
            return found ? Shortest : lastPause + Shortest < Longest ? lastPause + Shortest : Longest;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Positions did not move: what was read now is read again.
            if (!_failing)
                LogFailed(exception, AfterFailure.TotalSeconds);
            _failing = true;
            return AfterFailure;
        }
    }

    /// <returns>Whether there is more to delete.</returns>
    private bool KeepHouse()
    {
        var now = time.GetUtcNow();
        if (now >= _tidyAt)
        {
            ingester.Tidy();
            _tidyAt = now + TidyInterval;
        }
        if (now < _trimAt)
            return false;
        var hasMore = store.Trim(LogTime.From(now - settings.LogRetention), settings.LogBytes);
        _trimAt = hasMore ? now : now + TrimInterval;
        return hasMore;
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), timeout, pause, Timeout.InfiniteTimeSpan);
        try
        {
            await _asked.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look anyway, or to stop: the loop's condition tells.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "Logs cannot be stored; it is tried again every {Seconds} s, and nothing is lost that the engine still holds")]
    private partial void LogFailed(Exception exception, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Logs are stored again")]
    private partial void LogRecovered();
}
