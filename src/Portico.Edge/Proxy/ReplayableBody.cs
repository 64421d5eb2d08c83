using System.Buffers;
using Portico.Edge.Records;

namespace Portico.Edge.Proxy;

/// <summary>
/// The body of a request. It is kept while it is forwarded, so that it can be forwarded again from its beginning. A large body, or one
/// that arrives when many are kept, is forwarded without being kept.
/// </summary>
internal sealed class ReplayableBody(Stream inner) : CountedStream(inner)
{
    /// <summary>The largest body that is kept, in bytes.</summary>
    public const int Limit = 1024 * 1024;

    private const long LimitOfAll = 32 * Limit;
    private const int FirstSize = 16 * 1024;
    private static long _sizeOfAll;

    private readonly Lock _gate = new();
    private byte[] _kept = [];
    private int _length;
    private int _position;
    private bool _isLost;

    /// <returns>False when its beginning was not kept.</returns>
    public bool TryRewind()
    {
        lock (_gate)
        {
            _position = 0;
            return !_isLost;
        }
    }

    /// <summary>Returns the buffer. The rest of the body is forwarded without being kept.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isLost = true;
            _length = _position = 0;
            Replace([]);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryRepeat(buffer.Span, out var repeated))
            return repeated;
        var count = await base.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..count]);
        return count;
    }

    /// <returns>False when everything that was kept has been repeated. A caller that waits for bytes with an empty buffer reads again.</returns>
    private bool TryRepeat(Span<byte> buffer, out int count)
    {
        lock (_gate)
        {
            var isBehind = _position < _length;
            count = Math.Min(buffer.Length, _length - _position);
            _kept.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return isBehind;
        }
    }

    private void Keep(ReadOnlySpan<byte> read)
    {
        lock (_gate)
        {
            if (_isLost)
                return;
            if (!TryGrow(_length + read.Length))
            {
                Release();
                return;
            }
            read.CopyTo(_kept.AsSpan(_length));
            _position = _length += read.Length;
        }
    }

    private bool TryGrow(int length)
    {
        if (length <= _kept.Length)
            return true;
        if (length > Limit || Volatile.Read(ref _sizeOfAll) > LimitOfAll)
            return false;
        Replace(ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, length)));
        return true;
    }

    private void Replace(byte[] next)
    {
        Interlocked.Add(ref _sizeOfAll, next.Length - _kept.Length);
        _kept.AsSpan(0, _length).CopyTo(next);
        if (_kept.Length > 0)
            ArrayPool<byte>.Shared.Return(_kept);
        _kept = next;
    }
}
