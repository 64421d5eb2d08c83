using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.State;
using Portico.Core.Routing;
using Portico.Core.Sleep;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Sleep;

/// <summary>Asks the edge which sleeping services have requests waiting, and wakes them.</summary>
internal sealed class WakeListener(
    IEdge edge, IDbContextFactory<PorticoDb> databases, Wakeups wakeups, PlatformSettings settings, BackgroundLoops loops,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private long _heard;
    private EdgeWakes? _wakes;

    /// <summary>Moves sleeping services to waking. Other services are not changed.</summary>
    public async Task WakeAsync(IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var woken = await db.EditAsync(async () =>
        {
            var sleeping = await db.Services.Where(row => services.Contains(row.Id) && row.Sleep == SleepState.Asleep)
                .ToListAsync(cancellationToken);
            foreach (var service in sleeping)
                service.WakeUp(time.GetUtcNow());
            await db.SaveChangesAsync(cancellationToken);
            return sleeping.Count;
        });
        if (woken > 0)
            wakeups.Signal();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        settings.SleepAfter == TimeSpan.Zero ? Task.CompletedTask : loops.RunAsync("wake-ups", PassAsync, stoppingToken, ListenAsync);

    /// <summary>The requests wait at the edge until the services are awake.</summary>
    private async Task<TimeSpan> PassAsync(CancellationToken cancellationToken)
    {
        if (_wakes is not { } wakes)
            return TimeSpan.Zero;
        if (wakes.Services.Count > 0)
            await WakeAsync(wakes.Services, cancellationToken);
        _heard = wakes.Sequence;
        return TimeSpan.Zero;
    }

    /// <summary>The edge answers when a request waits, or after half a minute. It may also be away.</summary>
    private async Task ListenAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        _wakes = await edge.WaitForWakesAsync(_heard, cancellationToken);
        if (_wakes is null)
            await Task.Delay(Pause, time, cancellationToken);
    }
}
