using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Logs;

/// <summary>Reads new lines as they appear, and deletes old ones. The less happens, the less often it looks.</summary>
internal sealed class LogLoop(
    LogIngester ingester, LogStore store, PlatformSettings settings, BackgroundLoops loops, RetriesFactory retries, TimeProvider time) : BackgroundService
{
    public const string LoopName = "logs";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(2), TidyInterval = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<TaskCompletionSource> _behind = [];
    private TaskCompletionSource _caughtUp = NewSignal();
    private readonly ItemRetries _removals = retries.Create(LoopName, "removal of");
    private DateTimeOffset _trimAt, _tidyAt;
    private TimeSpan _pause = Shortest;

    /// <summary>Ends the pause before the next pass.</summary>
    public void Ask() => _asked.Writer.TryWrite(true);

    /// <summary>Completes when all that was written before the call can be found, or after half a second.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is not { IsCompleted: false })
            return;
        // A pass that is running took its signal when it began, so this signal is that of the next pass.
        var caughtUp = Volatile.Read(ref _caughtUp).Task;
        Ask();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(caughtUp, Task.Delay(Patience, time, timeout.Token));
        await timeout.CancelAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing at start may wait for this.
        await Task.Yield();
        await loops.RunAsync(LoopName, PassAsync, stoppingToken, (pause, token) => LoopWaits.ForSignalAsync(_asked.Reader, pause, time, token));
    }

    /// <summary>If it fails, the stored positions do not move, and the next pass reads the same lines again.</summary>
    /// <returns>When to look again.</returns>
    private async Task<TimeSpan> PassAsync(CancellationToken cancellationToken)
    {
        _behind.Add(Interlocked.Exchange(ref _caughtUp, NewSignal()));
        try
        {
            // First, so that a disk that is too full to store new lines does not keep the old ones.
            var isMoreToDelete = KeepHouse();
            var found = await ingester.PassAsync(cancellationToken);
            if (isMoreToDelete || ingester.HasMore)
                return TimeSpan.Zero;
            return _pause = found ? Shortest : _pause + Shortest < Longest ? _pause + Shortest : Longest;
        }
        finally
        {
            // A pass that reached its limit has left lines that were written before the calls that wait.
            if (!ingester.HasMore)
            {
                _behind.ForEach(caughtUp => caughtUp.SetResult());
                _behind.Clear();
            }
        }
    }

    /// <returns>Whether there is more to delete.</returns>
    private bool KeepHouse()
    {
        var now = time.GetUtcNow();
        if (now >= _tidyAt)
        {
            _removals.Try("sources that are gone", ingester.Tidy);
            _tidyAt = now + TidyInterval;
        }
        if (now < _trimAt)
            return false;
        var hasMore = false;
        _removals.Try("old lines", () => hasMore = store.Trim(LogTime.From(now - settings.LogRetention), settings.LogBytes));
        _trimAt = hasMore ? now : now + TrimInterval;
        return hasMore;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
