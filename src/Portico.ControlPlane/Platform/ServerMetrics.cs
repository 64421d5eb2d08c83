using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Jobs;
using Portico.Core.Notifications;
using Portico.Hosting.Loops;
using Portico.Hosting.Metrics;

namespace Portico.ControlPlane.Platform;

/// <summary>
/// The server's own metrics as Prometheus text: its loops, its queues, and what the framework measures of requests and
/// connections. <c>docs/metrics.md</c> lists them.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    private const string MeterName = "Portico.Server";

    private readonly PrometheusExporter _exporter;
    private readonly IDbContextFactory<PorticoDb> _databases;

    // Read before each export: an observable instrument cannot await.
    private IReadOnlyList<Measurement<int>> _queues = [];

    public ServerMetrics(LoopRegistry loops, IDbContextFactory<PorticoDb> databases, IMeterFactory meters)
    {
        _databases = databases;
        _exporter = new PrometheusExporter(meters, MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");
        // The factory disposes of it.
        var meter = meters.Create(MeterName);
        meter.AddLoops(loops);
        meter.CreateObservableGauge("portico_queue_length", () => _queues, description: "What waits: deploys for a build, jobs to start, notifications to be sent.");
    }

    public async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        _queues =
        [
            LengthOf("deploys", await db.Deploys.CountAsync(row => row.Status == DeployStatus.Created || row.Status == DeployStatus.Queued, cancellationToken)),
            LengthOf("jobs", await db.Jobs.CountAsync(row => row.Status == JobStatus.Pending, cancellationToken)),
            LengthOf("notifications", await db.Deliveries.CountAsync(row => row.Status == DeliveryStatus.Pending, cancellationToken)),
        ];
        return _exporter.Write();
    }

    public void Dispose() => _exporter.Dispose();

    private static Measurement<int> LengthOf(string queue, int length) => new(length, new KeyValuePair<string, object?>("queue", queue));
}
