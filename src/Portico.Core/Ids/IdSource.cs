using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portico.Core.Ids;

/// <summary>Makes the 20-character body of every id: 12 bytes (6 of milliseconds since 1970, 6 random) in base 32 hex.</summary>
/// <remarks>Ids made later sort later, to the millisecond. Tests pass their own clock and random bytes to get known ids.</remarks>
public sealed class IdSource(TimeProvider time, Action<Span<byte>>? fillRandom = null)
{
    private readonly Action<Span<byte>> _fillRandom = fillRandom ?? (static bytes => RandomNumberGenerator.Fill(bytes));

    public TId New<TId>() where TId : struct, IResourceId<TId> => TId.FromBody(NewBody());

    private string NewBody()
    {
        Span<byte> bytes = stackalloc byte[14];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().ToUnixTimeMilliseconds());
        _fillRandom(bytes[8..]);
        return IdBody.Encode(bytes[2..]);
    }
}
