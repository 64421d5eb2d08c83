using System.Buffers;
using System.Text.Json;
using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>Brings records of requests and numbers of traffic to disk: the former at once, the latter every few seconds. Sleeps while there is no traffic.</summary>
internal sealed partial class RecordWriter(
    EdgeOptions options, RequestLines lines, TrafficCounters traffic, TimeProvider time, ILogger<RecordWriter> logger) : IDisposable
{
    /// <summary>How long a record may wait: the less, the more often a busy edge is woken.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const int PausesPerTrafficRecord = 20;

    private readonly SegmentWriter _requests = new(options.RequestsDirectory, maxBytes: 16 << 20, maxSegments: 8);
    private readonly SegmentWriter _traffic = new(options.TrafficDirectory, maxBytes: 4 << 20, maxSegments: 8);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private DateTimeOffset _from = time.GetUtcNow();
    private bool _failing;

    /// <summary>Until cancelled; then writes what is left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await lines.WaitAsync(cancellationToken);
                for (var i = 0; i < PausesPerTrafficRecord; i++)
                {
                    await Task.Delay(Pause, time, cancellationToken);
                    Guard(WriteRequests);
                }
                Guard(WriteTraffic);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The edge stops.
        }
    }

    /// <summary>To be called when no request is under way any more, and <see cref="RunAsync"/> has ended.</summary>
    public void WriteLast()
    {
        Guard(WriteRequests);
        Guard(WriteTraffic);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _traffic.Dispose();
    }

    private void WriteRequests()
    {
        if (lines.Take() is { Length: > 0 } taken)
            _requests.Append(taken.Span);
    }

    private void WriteTraffic()
    {
        var to = time.GetUtcNow();
        foreach (var service in traffic.All)
        {
            if (service.Take(_from, to) is not { } record)
                continue;
            _buffer.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(_buffer))
                JsonSerializer.Serialize(writer, record, RoutingJson.Default.TrafficRecord);
            _buffer.Write("\n"u8);
            _traffic.Append(_buffer.WrittenSpan);
        }
        _from = to;
    }

    /// <summary>A disk that is full costs records, never requests.</summary>
    private void Guard(Action write)
    {
        try
        {
            write();
            _failing = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
                LogCannotWrite(options.Home, exception.Message);
            _failing = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Records of requests cannot be written in {Home}: {Reason}. Requests are served, their logs and metrics are lost.")]
    private partial void LogCannotWrite(string home, string reason);
}
