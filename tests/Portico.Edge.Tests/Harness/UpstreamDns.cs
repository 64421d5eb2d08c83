using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Tests.Harness;

/// <summary>A resolver that knows every name: 192.0.2.7.</summary>
internal sealed class UpstreamDns : IAsyncDisposable
{
    private static readonly IPAddress Known = IPAddress.Parse("192.0.2.7"), Forged = IPAddress.Parse("203.0.113.66");
    private readonly Socket _datagrams;
    private readonly TcpListener _listener;
    private readonly Task _answering, _serving;

    public UpstreamDns()
    {
        (_datagrams, _listener) = Listen();
        (_answering, _serving) = (AnswerAsync(), ServeAsync());
    }

    /// <summary>Finds a port that is free for both protocols: one that is free for UDP can be in use for TCP.</summary>
    private static (Socket Datagrams, TcpListener Listener) Listen()
    {
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                datagrams.Bind(listener.LocalEndpoint);
                return (datagrams, listener);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                datagrams.Dispose();
                listener.Dispose();
            }
        }
    }

    public int Port => ((IPEndPoint)_datagrams.LocalEndPoint!).Port;

    /// <summary>Whether it first answers with another id, and then another question.</summary>
    public bool Forges { get; set; }

    public ConcurrentQueue<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _datagrams.Dispose();
        _listener.Stop();
        await Task.WhenAll(_answering, _serving);
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var query = buffer.AsSpan(0, received.ReceivedBytes).ToArray();
                Asked.Enqueue(DnsMessages.NameIn(query));
                foreach (var answer in Forges ? ForgedOf(query) : [])
                    await _datagrams.SendToAsync(answer, received.RemoteEndPoint);
                await _datagrams.SendToAsync(DnsMessages.Answer(query, Known), received.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static byte[][] ForgedOf(byte[] query)
    {
        var other = DnsMessages.Answer(query, Forged);
        other[0] ^= 0xFF;
        return [other, DnsMessages.Answer(DnsMessages.Query(BinaryPrimitives.ReadUInt16BigEndian(query), "other.example.com", 1), Forged), [1, 2, 3]];
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var length = new byte[2];
                await client.GetStream().ReadExactlyAsync(length);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await client.GetStream().ReadExactlyAsync(query);
                Asked.Enqueue($"{DnsMessages.NameIn(query)} by TCP");
                var answer = DnsMessages.Answer(query, Known);
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await client.GetStream().WriteAsync((byte[])[.. length, .. answer]);
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
