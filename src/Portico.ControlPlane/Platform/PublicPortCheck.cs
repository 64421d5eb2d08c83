using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Platform;

/// <summary>Asks the public port for a response, as a client would: an edge may think that it accepts connections, and not serve them.</summary>
/// <remarks>The request is for a host that no service has, so the edge itself answers.</remarks>
internal sealed class PublicPortCheck(int port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly IPEndPoint Source = new(IPAddress.Parse(EdgeStatus.CheckSource), 0);

    private static ReadOnlyMemory<byte> Request { get; } = "GET / HTTP/1.1\r\nHost: portico-check.invalid\r\nConnection: close\r\n\r\n"u8.ToArray();

    private static ReadOnlyMemory<byte> Version { get; } = "HTTP/1.1 "u8.ToArray();

    /// <returns>Why the port does not answer; null when it does.</returns>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await AskAsync(limit.Token) ? null : $"port {port} answers something that is not HTTP";
        }
        catch (SocketException exception)
        {
            return $"port {port} does not answer: {exception.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"port {port} does not answer within {Patience.TotalSeconds} seconds";
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Only Linux has this address by default. Elsewhere, the check counts as one more client.
        if (OperatingSystem.IsLinux())
            socket.Bind(Source);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        await socket.SendAsync(Request, cancellationToken);
        var received = new byte[Version.Length];
        var count = 0;
        while (count < received.Length && await socket.ReceiveAsync(received.AsMemory(count), cancellationToken) is > 0 and var more)
            count += more;
        return received.AsSpan().SequenceEqual(Version.Span);
    }
}
