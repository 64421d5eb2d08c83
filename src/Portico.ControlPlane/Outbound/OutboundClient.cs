using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Portico.ControlPlane.Outbound;

/// <summary>
/// The only client for URLs that users give. It looks up the name itself and connects to exactly the address that it
/// checked, so DNS cannot change in between. It follows no redirects, uses no proxy, and reads no more than its limit.
/// </summary>
internal sealed class OutboundClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    public OutboundClient(IHostLookup hosts, OutboundAddresses addresses, TimeProvider time) : this(Handler(hosts, addresses), time)
    {
    }

    internal OutboundClient(HttpMessageHandler handler, TimeProvider time)
    {
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _time = time;
    }

    /// <param name="request">The request. The caller must not reuse it.</param>
    /// <exception cref="OutboundException">There was no response.</exception>
    public async Task<OutboundAnswer> SendAsync(HttpRequestMessage request, OutboundLimits limits, CancellationToken cancellationToken)
    {
        return await WithinAsync(limits.Time, async token =>
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            var (body, isCut) = await ReadAsync(response.Content, limits.BodyBytes, token);
            cancellationToken.ThrowIfCancellationRequested();
            return new OutboundAnswer((int)response.StatusCode, body, isCut, response.Headers);
        }, cancellationToken);
    }

    /// <summary>Streams a file to a target.</summary>
    /// <exception cref="OutboundException">There was no response, or not the expected file, or it was too large.</exception>
    public async Task SaveAsync(HttpRequestMessage request, Stream target, OutboundFile file, CancellationToken cancellationToken)
    {
        await WithinAsync(file.Time, async token =>
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            if (!response.IsSuccessStatusCode)
                throw new OutboundException($"The server responded with status {(int)response.StatusCode}.");
            await using var body = await response.Content.ReadAsStreamAsync(token);
            return await CopyAsync(body, target, file.Bytes, token);
        }, cancellationToken);
    }

    private static async Task<long> CopyAsync(Stream body, Stream target, long most, CancellationToken cancellationToken)
    {
        var buffer = new byte[81920];
        var length = 0L;
        for (var read = -1; read != 0; length += read)
        {
            read = await body.ReadAsync(buffer, cancellationToken);
            if (length + read > most)
                throw new OutboundException($"The response is longer than {most} bytes.");
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        return length;
    }

    private async Task<T> WithinAsync<T>(TimeSpan time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(time, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutboundException($"There was no response within {time.TotalSeconds:0} seconds.", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new OutboundException(Explain(exception), exception);
        }
        catch (HttpIOException exception)
        {
            throw new OutboundException("The connection was closed before the end of the response.", exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler Handler(IHostLookup hosts, OutboundAddresses addresses) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        // Names may move, and a receiver that is rarely called need not be kept connected.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        MaxConnectionsPerServer = 16,
        MaxResponseHeadersLength = 32,
        // What was not read of an answer ends the connection: there may be gigabytes of it.
        MaxResponseDrainSize = 0,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(hosts, addresses, context.DnsEndPoint, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(
        IHostLookup hosts, OutboundAddresses addresses, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal) ? [literal] : await hosts.FindAsync(target.Host, cancellationToken);
        if (found.Count == 0)
            throw new OutboundException($"DNS has no address for '{target.Host}'.");
        if (found.Where(addresses.Allows).ToArray() is not { Length: > 0 } allowed)
            throw new OutboundException(addresses.Explain(target.Host));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads the body. An incomplete body does not invalidate the response.</summary>
    private static async Task<(ReadOnlyMemory<byte>, bool IsCut)> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        var buffer = new byte[most + 1];
        var length = 0;
        try
        {
            await using var body = await content.ReadAsStreamAsync(cancellationToken);
            for (var read = -1; read != 0 && length < buffer.Length; length += read)
                read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            return (buffer.AsMemory(0, Math.Min(length, most)), true);
        }
        return (buffer.AsMemory(0, Math.Min(length, most)), length > most);
    }

    private static string Explain(HttpRequestException exception) => exception switch
    {
        { InnerException: OutboundException refused } => refused.Message,
        { InnerException: AuthenticationException tls } => $"TLS failed: {tls.Message}",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => $"TLS failed: {(exception.InnerException ?? exception).Message}",
        { InnerException: SocketException socket } => $"The server can't be reached: {socket.Message}.",
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "The response headers are too large.",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "The connection was closed before a response arrived.",
        { HttpRequestError: HttpRequestError.InvalidResponse } => "The response is not HTTP.",
        _ => $"The request failed: {exception.Message}",
    };
}
