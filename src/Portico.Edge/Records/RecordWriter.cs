using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>Brings records of requests and numbers of traffic to disk: the former at once, the latter every few seconds. Sleeps while there is no traffic.</summary>
internal sealed partial class RecordWriter(
    EdgeOptions options, RequestQueue queue, TrafficCounters traffic, TimeProvider time, ILogger<RecordWriter> logger) : IDisposable
{
    /// <summary>How long a record may wait: the less, the more often a busy edge is woken.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const int PausesPerTrafficRecord = 20;
    private const int LargestWrite = 256 * 1024;

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
            while (await queue.WaitAsync(cancellationToken))
            {
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
        while (queue.TryTake(out var record))
            Write(_requests, record, RoutingJson.Default.RequestRecord);
        Flush(_requests);
    }

    private void WriteTraffic()
    {
        var to = time.GetUtcNow();
        foreach (var service in traffic.All)
        {
            if (service.Take(_from, to) is { } record)
                Write(_traffic, record, RoutingJson.Default.TrafficRecord);
        }
        Flush(_traffic);
        _from = to;
    }

    private void Write<T>(SegmentWriter segments, T record, JsonTypeInfo<T> type)
    {
        using (var writer = new Utf8JsonWriter(_buffer))
            JsonSerializer.Serialize(writer, record, type);
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= LargestWrite)
            Flush(segments);
    }

    private void Flush(SegmentWriter segments)
    {
        if (_buffer.WrittenCount == 0)
            return;
        try
        {
            segments.Append(_buffer.WrittenSpan);
        }
        finally
        {
            _buffer.ResetWrittenCount();
        }
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
