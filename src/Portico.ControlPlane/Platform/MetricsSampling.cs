using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Platform;

/// <summary>Measures everything now and then, the costlier the rarer, and forgets what is old.</summary>
internal sealed class MetricsSampling(
    UsageSampler usage, ConnectionSampler connections, DiskSampler disks, MetricsWriter writer,
    IDbContextFactory<PorticoDb> databases, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>How many intervals lie between two rounds of each kind.</summary>
    private const int Connections = 4, Disks = 20, Cleaning = 240;

    private int _round;

    /// <param name="round">Counts the intervals, from 0.</param>
    public async Task SampleAsync(int round, CancellationToken cancellationToken)
    {
        var samples = new List<GaugeSample>(await usage.SampleAsync(await PlansAsync(cancellationToken), cancellationToken));
        if (round % Connections == 0)
            samples.AddRange(await connections.SampleAsync(cancellationToken));
        if (round % Disks == 0)
            samples.AddRange(await disks.SampleAsync(cancellationToken));
        if (samples.Count > 0)
            writer.Write(time.GetUtcNow(), samples);
        if (round % Cleaning == Cleaning - 1)
            writer.DeleteOld(time.GetUtcNow());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await loops.RunAsync("metrics", async token =>
        {
            await SampleAsync(_round++, token);
            return Interval;
        }, stoppingToken);
    }

    private async Task<Dictionary<string, ResourceLimits>> PlansAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Not whole rows: their secrets would be decrypted each time.
        var stores = await db.DataStores.Select(row => new { row.Id, row.Kind, row.Settings }).ToListAsync(cancellationToken);
        return stores.ToDictionary(row => row.Id, row => DataStoreFactory.LimitsOf(row.Kind, row.Settings));
    }
}
