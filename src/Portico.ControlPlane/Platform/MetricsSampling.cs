using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Platform;

/// <summary>Measures what instances use every 15 seconds, connections and disks less often, and deletes old measurements.</summary>
internal sealed class MetricsSampling(
    UsageSampler usage, ConnectionSampler connections, DiskSampler disks, MetricsWriter writer,
    IDbContextFactory<PorticoDb> databases, BackgroundLoops loops, RetriesFactory retries, TimeProvider time) : BackgroundService
{
    public const string LoopName = "metrics";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>How many intervals lie between two rounds of each kind.</summary>
    private const int Connections = 4, Disks = 20, Cleaning = 240;

    private readonly ItemRetries _measurements = retries.Create(LoopName, "measurement of"), _removals = retries.Create(LoopName, "removal of");
    private int _round;

    /// <param name="round">Counts the intervals, from 0.</param>
    public async Task SampleAsync(int round, CancellationToken cancellationToken)
    {
        if (round % Cleaning == Cleaning - 1)
            _removals.Try("old measurements", () => writer.DeleteOld(time.GetUtcNow()));
        var samples = new List<GaugeSample>();
        await AddAsync("instances", async token => await usage.SampleAsync(await PlansAsync(token), token));
        if (round % Connections == 0)
            await AddAsync("connections", connections.SampleAsync);
        if (round % Disks == 0)
            await AddAsync("disks", disks.SampleAsync);
        if (samples.Count > 0)
            writer.Write(time.GetUtcNow(), samples);

        async Task AddAsync(string what, Func<CancellationToken, Task<IReadOnlyList<GaugeSample>>> measure) =>
            await _measurements.TryAsync(what, async token => samples.AddRange(await measure(token)), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await loops.RunAsync(LoopName, async token =>
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
