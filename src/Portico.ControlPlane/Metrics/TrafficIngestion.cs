using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Core.Routing;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Metrics;

/// <summary>Copies the edge's traffic records into the store, each exactly once: the position is stored in the same transaction.</summary>
internal sealed partial class TrafficIngestion(
    SegmentReader reader, MetricsWriter writer, BackgroundLoops loops, TimeProvider time, ILogger<TrafficIngestion> logger) : BackgroundService
{
    private const string Name = "traffic";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Copies everything that is available.</summary>
    /// <exception cref="IOException">The records could not be read.</exception>
    /// <exception cref="SqliteException">The data could not be written. What was not written will be read again.</exception>
    public void TakeIn(CancellationToken cancellationToken)
    {
        var position = writer.Position(Name);
        while (reader.Read(position) is { Lines.Count: > 0 } batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write([.. batch.Lines.Select(Parse).OfType<TrafficRecord>()], Name, batch.Next);
            position = batch.Next;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await loops.RunAsync("metrics of requests", token =>
        {
            TakeIn(token);
            return Task.FromResult(Interval);
        }, stoppingToken);
    }

    /// <summary>Parses a line; null if it is invalid, so that it does not block later lines.</summary>
    private TrafficRecord? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            var record = JsonSerializer.Deserialize(line.Span, RoutingJson.Default.TrafficRecord);
            foreach (var series in record?.Series ?? [])
                LatencyHistogram.FromPairs(series.Latency);
            return record;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            LogUnreadable(exception.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Skipped an unreadable line in the edge's traffic records: {Reason}")]
    private partial void LogUnreadable(string reason);
}
