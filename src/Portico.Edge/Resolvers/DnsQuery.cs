using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portico.Edge.Resolvers;

/// <summary>A DNS query with one question (RFC 1035, section 4).</summary>
internal sealed record DnsQuery
{
    public const int HeaderLength = 12;
    public const ushort TypeA = 1, TypePtr = 12, TypeAaaa = 28;

    private const int LongestLabel = 63, LongestName = 255;
    private const ushort ClassInternet = 1;
    private const byte IsResponse = 0x80, OperationBits = 0x78;

    public required ushort Id { get; init; }

    /// <summary>The flags of the query. A response repeats some of them.</summary>
    public required ushort Flags { get; init; }

    /// <summary>The name without its final dot, in lower case; null if it has characters that no host name has.</summary>
    public required string? Name { get; init; }

    public required ushort Type { get; init; }

    public bool IsInternet => Class == ClassInternet;

    public required ushort Class { get; init; }

    /// <summary>The question as it was sent, to be repeated in the response.</summary>
    public required ReadOnlyMemory<byte> Question { get; init; }

    /// <summary>Reads a message. Whatever follows the question (EDNS, signatures) is not read.</summary>
    /// <param name="code">When it returns false: how to answer; null if it is not to be answered at all.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsQuery? query, out DnsCode? code)
    {
        (query, code) = (null, null);
        // An answer to a response could go back and forth for ever.
        if (message.Length < HeaderLength || (message[2] & IsResponse) != 0)
            return false;
        code = (message[2] & OperationBits) != 0 ? DnsCode.NotImplemented : DnsCode.FormatError;
        if (code == DnsCode.NotImplemented || Number(message, 4) != 1 || Number(message, 6) != 0 || Number(message, 8) != 0)
            return false;
        if (ReadName(message[HeaderLength..]) is not { } read || message.Length < HeaderLength + read.Length + 4)
            return false;
        var end = HeaderLength + read.Length;
        query = new DnsQuery
        {
            Id = Number(message, 0),
            Flags = Number(message, 2),
            Name = read.Name,
            Type = Number(message, end),
            Class = Number(message, end + 2),
            Question = message[HeaderLength..(end + 4)].ToArray(),
        };
        code = null;
        return true;
    }

    /// <summary>Whether a message responds to this query: same id, same question in any letter case.</summary>
    /// <param name="id">The id that the query was sent with.</param>
    public bool IsAnsweredBy(ReadOnlySpan<byte> message, ushort id) =>
        message.Length >= HeaderLength + Question.Length
        && Number(message, 0) == id && (message[2] & IsResponse) != 0 && Number(message, 4) == 1
        && IsSameName(message.Slice(HeaderLength, Question.Length - 4), Question.Span[..^4])
        && message.Slice(HeaderLength + Question.Length - 4, 4).SequenceEqual(Question.Span[^4..]);

    /// <summary>Labels may contain any byte; the case of ASCII letters does not matter. Lengths are no letters.</summary>
    private static bool IsSameName(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var at = 0; at < left.Length; at++)
            if (char.ToLowerInvariant((char)left[at]) != char.ToLowerInvariant((char)right[at]) || (left[at] != right[at] && left[at] >= 0x80))
                return false;
        return true;
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    /// <summary>Reads labels up to the root. A question is the first name of a message, so it cannot refer to another one.</summary>
    private static (string? Name, int Length)? ReadName(ReadOnlySpan<byte> bytes)
    {
        var (name, isHostName, at) = (new StringBuilder(), true, 0);
        while (at < bytes.Length && at < LongestName)
        {
            int length = bytes[at++];
            if (length == 0)
                return (isHostName ? name.ToString() : null, at);
            if (length > LongestLabel || at + length > bytes.Length)
                return null;
            if (name.Length > 0)
                name.Append('.');
            foreach (var character in bytes.Slice(at, length))
            {
                isHostName &= char.IsAsciiLetterOrDigit((char)character) || character is (byte)'-' or (byte)'_';
                name.Append(char.ToLowerInvariant((char)character));
            }
            at += length;
        }
        return null;
    }
}

/// <summary>The result codes that are used (RFC 1035, section 4.1.1).</summary>
internal enum DnsCode
{
    Success = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
}
