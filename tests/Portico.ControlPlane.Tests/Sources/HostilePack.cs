using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>Small packs whose objects are, or claim to be, far larger than the memory that git may use.</summary>
/// <remarks>See https://git-scm.com/docs/gitformat-pack.</remarks>
/// <param name="Expected">What the refusal says.</param>
public sealed record HostilePack(byte[] Content, string Expected)
{
    private const string HugeTree = "huge tree", HugeCommit = "huge commit", Bomb = "zlib bomb", Delta = "delta bomb", DeltaChain = "chain of deltas";

    private const int CommitType = 1, TreeType = 2, BlobType = 3, OffsetDeltaType = 6;

    /// <summary>More than git may use on any machine.</summary>
    private const long Huge = 5L << 30;

    private const string TooMuchMemory = "cannot read within its memory limit";

    /// <summary>A commit that none of them contains.</summary>
    public const string Commit = "1111111111111111111111111111111111111111";

    public static TheoryData<string> Names => [HugeTree, HugeCommit, Bomb, Delta, DeltaChain];

    public static HostilePack Make(string name) => name switch
    {
        HugeTree => Of(TooMuchMemory, Packed(TreeType, Huge, "100644 a\0"u8)),
        HugeCommit => Of(TooMuchMemory, Packed(CommitType, Huge, "tree "u8)),
        // It says that it is small.
        Bomb => Of("inflate", Packed(BlobType, 10, new byte[64 << 20])),
        Delta => OfDeltas(Huge),
        DeltaChain => OfDeltas(1L << 24, 1L << 28, Huge),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>A base, and deltas that each copy from the one before until it has a size.</summary>
    private static HostilePack OfDeltas(params IEnumerable<long> sizes)
    {
        const int baseSize = 1 << 20;
        List<byte[]> objects = [Packed(BlobType, baseSize, new byte[baseSize])];
        long before = baseSize;
        foreach (var size in sizes)
        {
            byte[] delta = [.. Number(before), .. Number(size), .. Copies(before, size)];
            objects.Add([.. Header(OffsetDeltaType, delta.Length), .. Distance(objects[^1].Length), .. Deflate(delta)]);
            before = size;
        }
        return Of(TooMuchMemory, [.. objects]);
    }

    /// <summary>Instructions to copy from the beginning until there are enough bytes.</summary>
    private static List<byte> Copies(long source, long size)
    {
        const byte lengthFollows = 0xf0;
        const int mostBytes = 0xffffff;
        var instructions = new List<byte>();
        for (long left = size, length; left > 0; left -= length)
        {
            length = Math.Min(left, Math.Min(source, mostBytes));
            instructions.AddRange([lengthFollows, (byte)length, (byte)(length >> 8), (byte)(length >> 16)]);
        }
        return instructions;
    }

    private static HostilePack Of(string expected, params byte[][] objects)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(count, objects.Length);
        byte[] pack = [.. Encoding.ASCII.GetBytes("PACK"), 0, 0, 0, 2, .. count, .. objects.SelectMany(bytes => bytes)];
#pragma warning disable CA5350 // The checksum of the format.
        return new HostilePack([.. pack, .. SHA1.HashData(pack)], expected);
#pragma warning restore CA5350
    }

    private static byte[] Packed(int type, long size, ReadOnlySpan<byte> content) => [.. Header(type, size), .. Deflate(content)];

    private static List<byte> Header(int type, long size)
    {
        var first = (byte)((type << 4) | (int)(size & 15));
        var rest = size >> 4;
        return rest == 0 ? [first] : [(byte)(first | 0x80), .. Number(rest)];
    }

    /// <summary>Seven bits per byte, the lowest first.</summary>
    private static List<byte> Number(long value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7f; value >>= 7)
            bytes.Add((byte)(0x80 | (value & 0x7f)));
        return [.. bytes, (byte)value];
    }

    /// <summary>Seven bits per byte, the highest first, and one is subtracted before each further byte.</summary>
    private static List<byte> Distance(long value)
    {
        List<byte> bytes = [(byte)(value & 0x7f)];
        while ((value >>= 7) > 0)
            bytes.Insert(0, (byte)(0x80 | (--value & 0x7f)));
        return bytes;
    }

    private static byte[] Deflate(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
            zlib.Write(content);
        return packed.ToArray();
    }
}
