using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.State;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Sleep;

/// <summary>Hears from the edge which services that sleep are asked for, and wakes them.</summary>
public sealed partial class WakeListener(
    IEdge edge, IDbContextFactory<PorticoDb> databases, Wakeups wakeups, PlatformSettings settings, TimeProvider time,
    ILogger<WakeListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes services from asleep to waking. One that is not asleep is left as it is.</summary>
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.SleepAfter == TimeSpan.Zero)
            return;
        var (heard, failing) = (0L, false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await edge.WaitForWakesAsync(heard, stoppingToken) is { } wakes)
                {
                    if (wakes.Services.Count > 0)
                        await WakeAsync(wakes.Services, stoppingToken);
                    heard = wakes.Sequence;
                    failing = false;
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The requests wait, and the edge is asked again.
                if (!failing)
                    LogFailed(exception);
                failing = true;
            }
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Services that are asked for could not be woken; it is tried again until it succeeds")]
    private partial void LogFailed(Exception exception);
}
