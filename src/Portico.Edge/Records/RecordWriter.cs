using System.Buffers;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Edge.Model;
using Portico.Hosting.Loops;

namespace Portico.Edge.Records;

/// <summary>Writes records of requests to disk four times a second, and of traffic every few seconds. It sleeps while there is no traffic.</summary>
/// <remarks>A disk that is full costs no request. What could not be written is kept and retried; when the queue is full, new records are dropped.</remarks>
internal sealed partial class RecordWriter(
    EdgeOptions options, RequestLines lines, TrafficCounters traffic, ModelStore store, TimeProvider time, ILogger<RecordWriter> logger) : IDisposable
{
    public const string LoopName = "records";

    /// <summary>How long a record may wait. The shorter, the more often a busy edge is woken.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan TrafficInterval = TimeSpan.FromSeconds(5);

    private readonly SegmentWriter _requests = new(options.RequestsDirectory, maxBytes: 16 << 20, maxSegments: 8);
    private readonly SegmentWriter _traffic = new(options.TrafficDirectory, maxBytes: 4 << 20, maxSegments: 8);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private ReadOnlyMemory<byte> _unwrittenRequests, _unwrittenTraffic;
    private DateTimeOffset _from = time.GetUtcNow();
    private long _trafficWritten = time.GetTimestamp();
    private bool _isIdle = true;

    /// <summary>Runs until the token is canceled. <see cref="WriteLast"/> then writes the rest.</summary>
    public Task RunAsync(BackgroundLoops loops, CancellationToken stopping) => loops.RunAsync(LoopName, PassAsync, stopping, WaitAsync);

    /// <summary>Writes the rest, after <see cref="RunAsync"/> has ended and no request is in flight any more.</summary>
    public void WriteLast()
    {
        try
        {
            WriteAll();
        }
        catch (Exception exception)
        {
            LogLost(exception, options.Home);
        }
    }

    public void Dispose()
    {
        _requests.Dispose();
        _traffic.Dispose();
    }

    private Task<TimeSpan> PassAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_trafficWritten) < TrafficInterval)
        {
            WriteRequests();
            return Task.FromResult(Pause);
        }
        WriteAll();
        _trafficWritten = time.GetTimestamp();
        _isIdle = true;
        return Task.FromResult(Pause);
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stopping)
    {
        if (_isIdle)
            await lines.WaitAsync(stopping);
        _isIdle = false;
        await Task.Delay(pause, time, stopping);
    }

    /// <summary>Both are tried, since either may be on a disk of its own.</summary>
    private void WriteAll()
    {
        try
        {
            WriteRequests();
        }
        finally
        {
            WriteTraffic();
        }
    }

    private void WriteRequests()
    {
        if (_unwrittenRequests.IsEmpty)
            _unwrittenRequests = lines.Take();
        if (!_unwrittenRequests.IsEmpty)
            _requests.Append(ref _unwrittenRequests);
    }

    private void WriteTraffic()
    {
        if (!_unwrittenTraffic.IsEmpty)
            _traffic.Append(ref _unwrittenTraffic);
        var to = time.GetUtcNow();
        foreach (var service in traffic.All)
        {
            if (service.Take(_from, to) is not { } record)
                continue;
            _unwrittenTraffic = Serialize(record);
            _traffic.Append(ref _unwrittenTraffic);
        }
        _from = to;
        traffic.Prune(store.Current);
    }

    private ReadOnlyMemory<byte> Serialize(TrafficRecord record)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer))
            JsonSerializer.Serialize(writer, record, RoutingJson.Default.TrafficRecord);
        _buffer.Write("\n"u8);
        return _buffer.WrittenMemory;
    }

    [LoggerMessage(EventName = "RecordsLost", Level = LogLevel.Warning, Message = "Cannot write the last request records in {Home}. They are lost.")]
    private partial void LogLost(Exception exception, string home);
}
