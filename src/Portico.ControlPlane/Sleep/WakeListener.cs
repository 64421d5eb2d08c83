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

/// <summary>Asks the edge which sleeping services have requests waiting, and wakes them. Each is saved on its own: one that fails delays no other.</summary>
internal sealed class WakeListener(
    IEdge edge, IDbContextFactory<PorticoDb> databases, Wakeups wakeups, PlatformSettings settings, BackgroundLoops loops,
    RetriesFactory retries, TimeProvider time) : BackgroundService
{
    private const string LoopName = "wake-ups";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly ItemRetries _services = retries.Create(LoopName, "start of sleeping service");

    /// <summary>The services with waiting requests that have not been woken yet.</summary>
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private long _heard;
    private EdgeWakes? _wakes;

    /// <summary>Moves sleeping services to waking. Other services are not changed. One that fails is retried with the next call.</summary>
    /// <returns>Whether none has failed.</returns>
    public async Task<bool> WakeAsync(IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        _asked.UnionWith(services);
        foreach (var id in _asked.ToList())
            if (await _services.TryAsync(id, token => WakeAsync(id, token), cancellationToken))
                _asked.Remove(id);
        return _asked.Count == 0;
    }

    private async Task WakeAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isWoken = await db.EditAsync(async () =>
        {
            var service = await db.Services.FirstOrDefaultAsync(row => row.Id == id && row.Sleep == SleepState.Asleep, cancellationToken);
            service?.WakeUp(time.GetUtcNow());
            await db.SaveChangesAsync(cancellationToken);
            return service is not null;
        });
        if (isWoken)
            wakeups.Signal();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        settings.SleepAfter == TimeSpan.Zero ? Task.CompletedTask : loops.RunAsync(LoopName, PassAsync, stoppingToken, ListenAsync);

    /// <summary>The requests wait at the edge until the services are awake.</summary>
    /// <returns>How long to listen at most; zero for as long as the edge says nothing.</returns>
    private async Task<TimeSpan> PassAsync(CancellationToken cancellationToken)
    {
        await WakeAsync(_wakes?.Services ?? [], cancellationToken);
        _heard = _wakes?.Sequence ?? _heard;
        return _services.UntilNext() is { } retry ? retry > Pause ? retry : Pause : TimeSpan.Zero;
    }

    /// <summary>The edge answers when a request waits, or after half a minute. It may also be away.</summary>
    private async Task ListenAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var retry = new CancellationTokenSource(longest > TimeSpan.Zero ? longest : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(retry.Token, cancellationToken);
        _wakes = null;
        try
        {
            _wakes = await edge.WaitForWakesAsync(_heard, either.Token);
            if (_wakes is null)
                await Task.Delay(Pause, time, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A service that failed is to be tried again.
        }
    }
}
