using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Portico.Edge.Tests.Harness;

/// <summary>Writes and reads DNS messages, apart from the code that is tested.</summary>
internal static class DnsMessages
{
    private const int HeaderLength = 12;

    public static byte[] Query(ushort id, string name, ushort type)
    {
        var message = new List<byte>(new byte[HeaderLength]);
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }
        message.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, id);
        bytes[2] = 1;
        bytes[5] = 1;
        return bytes;
    }

    /// <summary>The name in the question.</summary>
    public static string NameIn(ReadOnlySpan<byte> message)
    {
        var (labels, at) = (new List<string>(), HeaderLength);
        while (message[at] is > 0 and var length)
        {
            labels.Add(Encoding.ASCII.GetString(message.Slice(at + 1, length)));
            at += length + 1;
        }
        return string.Join('.', labels);
    }

    /// <summary>An answer with one address.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> query, IPAddress address)
    {
        byte[] answer = [.. query, 0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address.GetAddressBytes()];
        answer[2] |= 0x80;
        answer[7] = 1;
        return answer;
    }

    public static DnsAnswer Read(byte[] message)
    {
        var at = HeaderLength;
        while (message[at] > 0)
            at += message[at] + 1;
        at += 5;
        var addresses = new List<string>();
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)); left > 0; left--, at += 16)
            addresses.Add(new IPAddress(message.AsSpan(at + 12, 4)).ToString());
        return new DnsAnswer(BinaryPrimitives.ReadUInt16BigEndian(message), message[3] & 0xF, (message[2] & 2) != 0, addresses);
    }
}

internal sealed record DnsAnswer(ushort Id, int Code, bool IsTruncated, IReadOnlyList<string> Addresses);
