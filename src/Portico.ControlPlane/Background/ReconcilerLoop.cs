using Microsoft.Extensions.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>Runs one reconciler: at start, on every signal, and at least every 15 seconds.</summary>
internal sealed class ReconcilerLoop(IReconciler reconciler, Wakeups wakeups, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(15);

    public string Name => reconciler.Name;

    public bool Runs<T>() where T : IReconciler => reconciler is T;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var signals = wakeups.Subscribe();
        return loops.RunAsync(
            reconciler.Name, async token => await reconciler.ReconcileAsync(token) ?? IdleInterval, stoppingToken,
            (pause, token) => LoopWaits.ForSignalAsync(signals, pause, time, token));
    }
}
