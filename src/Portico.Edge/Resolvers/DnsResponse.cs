using System.Buffers.Binary;
using System.Net;

namespace Portico.Edge.Resolvers;

/// <summary>Writes DNS responses.</summary>
internal static class DnsResponse
{
    private const ushort Response = 0x8000, Authoritative = 0x0400, Truncated = 0x0200, RecursionAvailable = 0x0080;

    /// <summary>The operation and "recursion desired".</summary>
    private const ushort Repeated = 0x7900;

    /// <summary>What fits into a datagram of a client that has not said that it takes more.</summary>
    private const int LongestDatagram = 512;

    private const int RecordLength = 16;

    /// <summary>The name of a record refers to the question, which begins after the header.</summary>
    private const ushort NameOfQuestion = 0xC000 | DnsQuery.HeaderLength;

    /// <summary>An answer that this edge knows itself.</summary>
    /// <param name="addresses">IPv4 addresses; none if the name exists and has no address of the requested type.</param>
    /// <param name="isDatagram">Whether it is to fit into a datagram. What does not fit is left out, and the client asks again by TCP.</param>
    public static byte[] Write(DnsQuery query, DnsCode code, IReadOnlyList<IPAddress> addresses, TimeSpan lifetime, bool isDatagram)
    {
        var start = DnsQuery.HeaderLength + query.Question.Length;
        var fits = isDatagram ? Math.Min(addresses.Count, (LongestDatagram - start) / RecordLength) : addresses.Count;
        var message = new byte[start + (fits * RecordLength)];
        var flags = Response | RecursionAvailable | Authoritative | (query.Flags & Repeated) | (fits < addresses.Count ? Truncated : 0) | (int)code;
        WriteHeader(message, query.Id, (ushort)flags, questions: 1, (ushort)fits);
        query.Question.Span.CopyTo(message.AsSpan(DnsQuery.HeaderLength));
        for (var index = 0; index < fits; index++)
            WriteRecord(message.AsSpan(start + (index * RecordLength), RecordLength), addresses[index], lifetime);
        return message;
    }

    /// <summary>An answer without records.</summary>
    public static byte[] Write(DnsQuery query, DnsCode code) => Write(query, code, [], TimeSpan.Zero, isDatagram: true);

    /// <summary>An answer to a message that is no query.</summary>
    public static byte[] Refuse(ReadOnlySpan<byte> message, DnsCode code)
    {
        var response = new byte[DnsQuery.HeaderLength];
        var flags = Response | (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) & Repeated) | (int)code;
        WriteHeader(response, BinaryPrimitives.ReadUInt16BigEndian(message), (ushort)flags, questions: 0, answers: 0);
        return response;
    }

    private static void WriteHeader(Span<byte> message, ushort id, ushort flags, ushort questions, ushort answers)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], answers);
    }

    private static void WriteRecord(Span<byte> record, IPAddress address, TimeSpan lifetime)
    {
        BinaryPrimitives.WriteUInt16BigEndian(record, NameOfQuestion);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], DnsQuery.TypeA);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], (uint)lifetime.TotalSeconds);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
        address.TryWriteBytes(record[12..], out _);
    }
}
