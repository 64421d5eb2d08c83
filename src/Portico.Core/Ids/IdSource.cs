using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portico.Core.Ids;

/// <summary>Generates the 20-character body of every id: 12 bytes (6 of milliseconds since 1970, 6 random) in base 32 hex.</summary>
/// <remarks>
/// Ids of one source sort in the order of their creation: of two in one millisecond, the second is the first plus one, unless its
/// random part is already greater. Tests pass their own clock and random bytes to get known ids.
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

    /// <summary>When the clock is set back, new ids must still sort after old ones.</summary>
    private UInt128 AfterLast(UInt128 value)
    {
        lock (_lock)
            return _last = value > _last ? value : _last + 1;
    }
}
