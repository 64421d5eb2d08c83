using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portico.Core.Ids;

/// <summary>Makes the 20-character body of every id: 12 bytes (6 of milliseconds since 1970, 6 random) in base 32 hex.</summary>
/// <remarks>
/// Ids made later by one source sort later: of two in one millisecond, the second is the first one plus one, unless chance
/// put it behind already. Tests pass their own clock and random bytes to get known ids.
/// </remarks>
public sealed class IdSource(TimeProvider time, Action<Span<byte>>? fillRandom = null)
{
    private const int ByteCount = 12;
    private readonly Action<Span<byte>> _fillRandom = fillRandom ?? (static bytes => RandomNumberGenerator.Fill(bytes));
    private readonly Lock _lock = new();
    private UInt128 _last;

    public TId New<TId>() where TId : struct, IResourceId<TId> => TId.FromBody(NewBody());

    private string NewBody()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], time.GetUtcNow().ToUnixTimeMilliseconds());
        _fillRandom(bytes[10..]);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, AfterLast(BinaryPrimitives.ReadUInt128BigEndian(bytes)));
        return IdBody.Encode(bytes[^ByteCount..]);
    }

    /// <summary>A clock that is set back must not let new things look older than old ones.</summary>
    private UInt128 AfterLast(UInt128 value)
    {
        lock (_lock)
            return _last = value > _last ? value : _last + 1;
    }
}
