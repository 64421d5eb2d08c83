using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portico.ControlPlane.Background;

/// <summary>Runs one reconciler: at start, on every signal, and now and then.</summary>
public sealed partial class ReconcilerLoop(
    IReconciler reconciler, Wakeups wakeups, TimeProvider time, ILogger<ReconcilerLoop> logger) : BackgroundService
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private bool _failing;

    public bool Runs<T>() where T : IReconciler => reconciler is T;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var signals = wakeups.Subscribe();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await ReconcileAsync(stoppingToken) ?? IdleInterval;
            await WaitAsync(signals, pause, stoppingToken);
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(CancellationToken stoppingToken)
    {
        try
        {
            var pause = await reconciler.ReconcileAsync(stoppingToken);
            if (_failing)
                LogRecovered(reconciler.Name);
            _failing = false;
            return pause;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // The next pass starts from state again, so a failed one costs only time.
            if (!_failing)
                LogFailed(exception, reconciler.Name);
            _failing = true;
            return AfterFailure;
        }
    }

    private async Task WaitAsync(ChannelReader<bool> signals, TimeSpan pause, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), timeout, pause, Timeout.InfiniteTimeSpan);
        try
        {
            await signals.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look anyway, or to stop: the loop's condition tells.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reconciler {Name} failed; it tries again every second until it succeeds")]
    private partial void LogFailed(Exception exception, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reconciler {Name} works again")]
    private partial void LogRecovered(string name);
}
