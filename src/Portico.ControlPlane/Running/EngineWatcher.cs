using Microsoft.Extensions.Hosting;
using Portico.ControlPlane.Background;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>Wakes the reconcilers whenever something in the engine changes.</summary>
public sealed class EngineWatcher(IEngine engine, Wakeups wakeups) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in engine.WatchAsync(stoppingToken))
            wakeups.Signal();
    }
}
