using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>
/// The queue of records between the requests and the disk. Each record is a line already: an object that waited would outlive a garbage
/// collection and be cold when it is written. When the queue is full, new records are dropped and counted: a request never waits.
/// </summary>
internal sealed class RequestLines : IDisposable
{
    private const int FirstSize = 32 * 1024;

    /// <summary>The queue is emptied four times a second, so about 16,000 records a second fit. Further requests are only counted as traffic.</summary>
    private const int LargestSize = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _some = new(0, 1);
    private byte[] _filling = new byte[FirstSize];
    private byte[] _spare = new byte[FirstSize];
    private int _length;

    /// <summary>The length of the queue in bytes.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
                return _length;
        }
    }

    /// <returns>False when the queue is full.</returns>
    public bool TryAdd(RequestRecord record)
    {
        lock (_gate)
        {
            int count;
            while (!RequestLine.TryWrite(record, _filling.AsSpan(_length), out count))
            {
                if (_filling.Length >= LargestSize)
                    return false;
                Array.Resize(ref _filling, _filling.Length * 2);
            }
            _length += count;
            if (_some.CurrentCount == 0)
                _some.Release();
            return true;
        }
    }

    /// <summary>Waits until something was added since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _some.WaitAsync(cancellationToken);

    /// <summary>Empties the queue.</summary>
    /// <remarks>One thread at a time may call it. The result is valid until the next call.</remarks>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            (_filling, _spare) = (_spare, _filling);
            var taken = _spare.AsMemory(0, _length);
            _length = 0;
            return taken;
        }
    }

    public void Dispose() => _some.Dispose();
}
