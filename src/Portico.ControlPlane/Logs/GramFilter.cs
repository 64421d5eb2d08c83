namespace Portico.ControlPlane.Logs;

/// <summary>
/// Tells whether any of many texts may contain a part. It is a Bloom filter, with one hash, of all sequences of three and of
/// five bytes. A part has many sequences and all of them must occur, so a few bits per sequence are enough.
/// </summary>
/// <remarks>
/// Sequences of three find words. Sequences of five tell numbers and random ids apart, whose sequences of three occur almost
/// everywhere. The hashes are part of the file format.
/// </remarks>
internal sealed class GramFilter
{
    public const int Shortest = 3;
    public const int Bytes = 32 * 1024;

    private const int BitsLog2 = 18;
    private const int Longer = 5;

    private readonly byte[] _bits = new byte[Bytes];

    /// <summary>The share of bits that are set. A full filter excludes nothing.</summary>
    public double Fill => (double)Count / (1 << BitsLog2);

    private int Count { get; set; }

    public ReadOnlyMemory<byte> Content => _bits;

    public void Clear()
    {
        Array.Clear(_bits);
        Count = 0;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        var window = 0UL;
        for (var i = 0; i < text.Length; i++)
        {
            window = Slide(window, text[i]);
            if (i >= Shortest - 1)
                Set(ShortHash(window));
            if (i >= Longer - 1)
                Set(LongHash(window));
        }
    }

    /// <param name="bits">The content of a filter.</param>
    public static bool MayContain(ReadOnlySpan<byte> bits, ReadOnlySpan<byte> part)
    {
        var window = 0UL;
        for (var i = 0; i < part.Length; i++)
        {
            window = Slide(window, part[i]);
            if ((i >= Shortest - 1 && !IsSet(bits, ShortHash(window))) || (i >= Longer - 1 && !IsSet(bits, LongHash(window))))
                return false;
        }
        return true;
    }

    /// <summary>Adds a byte to a window of the last five bytes, with the newest in the highest position.</summary>
    private static ulong Slide(ulong window, byte next) => (window >> 8) | ((ulong)next << 32);

    private static uint ShortHash(ulong window) => ((uint)(window >> 16) * 0x9E3779B1u) >> (32 - BitsLog2);

    private static uint LongHash(ulong window) => (uint)((window * 0x9E3779B97F4A7C15ul) >> (64 - BitsLog2));

    private static bool IsSet(ReadOnlySpan<byte> bits, uint bit) => (bits[(int)(bit >> 3)] & (1 << (int)(bit & 7))) != 0;

    private void Set(uint bit)
    {
        ref var place = ref _bits[bit >> 3];
        var mask = (byte)(1 << (int)(bit & 7));
        if ((place & mask) != 0)
            return;
        place |= mask;
        Count++;
    }
}
