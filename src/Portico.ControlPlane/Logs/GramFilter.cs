namespace Portico.ControlPlane.Logs;

/// <summary>
/// Tells of texts whether one of them may hold a part: which sequences of three and of five bytes occur in any of them, as a
/// Bloom filter with one hash. A part has many sequences and all must occur, so that few bits for each are enough.
/// </summary>
/// <remarks>Three find words; five tell numbers and random ids apart, whose every three digits occur somewhere. The hashes are
/// part of the format of the file.</remarks>
internal sealed class GramFilter
{
    public const int Shortest = 3;
    public const int Bytes = 32 * 1024;

    private const int BitsLog2 = 18;
    private const int Longer = 5;

    private readonly byte[] _bits = new byte[Bytes];

    /// <summary>How much of it is set; what is full tells nothing.</summary>
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

    /// <param name="bits">The content of one.</param>
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

    /// <summary>The last five bytes, the newest on top.</summary>
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
