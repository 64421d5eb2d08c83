using Microsoft.Extensions.Hosting;
using Portico.ControlPlane.Background;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Running;

/// <summary>Wakes the reconcilers whenever something in the engine changes.</summary>
internal sealed class EngineWatcher(IEngine engine, Wakeups wakeups, BackgroundLoops loops) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("engine watcher", WatchAsync, stoppingToken);

    /// <summary>Watches until the engine ends the stream. The loop then watches again.</summary>
    private async Task<TimeSpan> WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in engine.WatchAsync(cancellationToken))
            wakeups.Signal();
        return TimeSpan.FromSeconds(1);
    }
}
