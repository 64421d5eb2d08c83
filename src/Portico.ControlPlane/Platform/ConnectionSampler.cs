using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Platform;

/// <summary>Measures the number of connected clients of each data store. One that cannot be measured delays no other.</summary>
internal sealed class ConnectionSampler(IDbContextFactory<PorticoDb> databases, DataStoreFactory factory, IEngine engine, RetriesFactory retries)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ItemRetries _stores = retries.Create(MetricsSampling.LoopName, "measurement of data store");

    public async Task<IReadOnlyList<GaugeSample>> SampleAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stores = await db.DataStores.AsNoTracking().Where(row => row.Status == DataStoreStatus.Available).ToListAsync(cancellationToken);
        var ready = engine.Observe().Instances.Where(instance => instance.Status == InstanceStatus.Ready && instance.Address is not null)
            .ToLookup(instance => instance.Owner, instance => instance.Address!);
        var asked = stores.Where(row => ready.Contains(row.Id)).Select(row => TryAsync(row, ready[row.Id].First(), cancellationToken));
        return [.. (await Task.WhenAll(asked)).OfType<GaugeSample>()];
    }

    private async Task<GaugeSample?> TryAsync(DataStoreRow row, InstanceAddress address, CancellationToken cancellationToken)
    {
        GaugeSample? sample = null;
        await _stores.TryAsync(row.Id, async token => sample = await AskAsync(row, address, token), cancellationToken);
        return sample;
    }

    /// <summary>Returns null for a data store that does not respond; its status shows the problem elsewhere.</summary>
    private async Task<GaugeSample?> AskAsync(DataStoreRow row, InstanceAddress address, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            var count = await factory.Create(row).CountConnectionsAsync(address, timeout.Token);
            return new GaugeSample(Gauge.ActiveConnections, row.Id, "", count);
        }
        catch (Exception exception) when (exception is DataStoreException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
