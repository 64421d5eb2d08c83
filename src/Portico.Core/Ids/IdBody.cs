using System.Buffers;

namespace Portico.Core.Ids;

/// <summary>The part of an id after its prefix: 20 characters of <c>[0-9a-v]</c> for 12 bytes.</summary>
public static class IdBody
{
    public const int Length = 20;
    private const int ByteCount = 12;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";
    private static readonly SearchValues<char> AlphabetValues = SearchValues.Create(Alphabet);

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, ByteCount);
        Span<char> text = stackalloc char[Length];
        int buffer = 0, bits = 0, next = 0;
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xFFF;
            for (bits += 8; bits >= 5; bits -= 5)
                text[next++] = Alphabet[(buffer >> (bits - 5)) & 31];
        }
        text[next] = Alphabet[(buffer << (5 - bits)) & 31];
        return new string(text);
    }

    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length == Length && text.IndexOfAnyExcept(AlphabetValues) < 0;
}
