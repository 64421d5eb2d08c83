using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Resolvers;

/// <summary>Asks the machine's own resolvers.</summary>
/// <remarks>
/// Each question has a socket, and so a port, of its own and a random id, and only the resolver that was asked can answer it: a
/// forged answer would have to match both.
/// </remarks>
internal sealed class DnsForwarder(UpstreamResolvers resolvers, TimeProvider time)
{
    private const int MostAtOnce = 256, MostOfNetwork = 64, LongestMessage = 65535, Rounds = 2;

    /// <summary>A client asks again after five seconds, and gives up after ten.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _asking = new(StringComparer.Ordinal);
    private int _total;

    /// <param name="network">Whose workload asks. One network cannot take the share of all others.</param>
    /// <param name="byTcp">Whether the client asks by TCP, as it does when an answer did not fit into a datagram.</param>
    /// <returns>The answer with the client's id; null if no resolver answered, or too many questions are open.</returns>
    public async Task<byte[]?> AskAsync(DnsQuery query, ReadOnlyMemory<byte> message, string network, bool byTcp, CancellationToken cancellationToken)
    {
        if (!TryEnter(network))
            return null;
        try
        {
            for (var round = 0; round < Rounds; round++)
                foreach (var server in resolvers.Current)
                    if (await TryAskAsync(server, query, message, byTcp, cancellationToken) is { } answer)
                        return answer;
            return null;
        }
        finally
        {
            Leave(network);
        }
    }

    private async Task<byte[]?> TryAskAsync(
        IPEndPoint server, DnsQuery query, ReadOnlyMemory<byte> message, bool byTcp, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var asked = message.ToArray();
            var id = UnpredictableId();
            BinaryPrimitives.WriteUInt16BigEndian(asked, id);
            var answer = byTcp ? await ByTcpAsync(server, query, asked, id, either.Token) : await ByUdpAsync(server, query, asked, id, either.Token);
            if (answer is not null)
                BinaryPrimitives.WriteUInt16BigEndian(answer, query.Id);
            return answer;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Not there, or too late. The next one is asked.
            return null;
        }
    }

    /// <summary>An identifier that cannot be guessed, so that only the server that was asked can answer.</summary>
    private static ushort UnpredictableId()
    {
        // The first two bytes of a new GUID come from the system's secure generator. RandomNumberGenerator would load OpenSSL:
        // 2 MB that nothing else here needs.
        Span<byte> random = stackalloc byte[16];
#pragma warning disable RS0030 // This is no id of the platform.
        Guid.NewGuid().TryWriteBytes(random);
#pragma warning restore RS0030
        return BinaryPrimitives.ReadUInt16BigEndian(random);
    }

    private static async Task<byte[]?> ByUdpAsync(IPEndPoint server, DnsQuery query, byte[] asked, ushort id, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(asked, cancellationToken);
        var buffer = new byte[LongestMessage];
        // What does not belong to the question is ignored until the time is over.
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            if (query.IsAnsweredBy(buffer.AsSpan(0, count), id))
                return buffer[..count];
        }
    }

    private static async Task<byte[]?> ByTcpAsync(IPEndPoint server, DnsQuery query, byte[] asked, ushort id, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        await TcpMessages.WriteAsync(stream, asked, cancellationToken);
        var answer = await TcpMessages.ReadAsync(stream, LongestMessage, cancellationToken);
        return answer is not null && query.IsAnsweredBy(answer, id) ? answer : null;
    }

    private bool TryEnter(string network)
    {
        lock (_gate)
        {
            var own = _asking.GetValueOrDefault(network);
            if (_total >= MostAtOnce || own >= MostOfNetwork)
                return false;
            (_asking[network], _total) = (own + 1, _total + 1);
            return true;
        }
    }

    private void Leave(string network)
    {
        lock (_gate)
        {
            _total--;
            if (--_asking[network] == 0)
                _asking.Remove(network);
        }
    }
}
