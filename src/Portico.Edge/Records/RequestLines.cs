using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>
/// Records on their way from the requests to the disk, as lines already: a record that waited as an object would outlive a garbage
/// collection and be cold when it is written. When there is no room, new ones are dropped and counted: a request never waits.
/// </summary>
internal sealed class RequestLines : IDisposable
{
    private const int FirstSize = 32 * 1024;

    /// <summary>Emptied four times a second, so about 16,000 records a second get through; what is faster is in the numbers only.</summary>
    private const int LargestSize = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _some = new(0, 1);
    private byte[] _filling = new byte[FirstSize];
    private byte[] _spare = new byte[FirstSize];
    private int _length;

    /// <returns>False when there is no room.</returns>
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

    /// <summary>What was added since the last time; good until the next.</summary>
    /// <remarks>For one caller at a time.</remarks>
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
