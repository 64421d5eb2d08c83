using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Routing;

/// <summary>Calls the edge through its admin socket.</summary>
internal sealed class EdgeClient : IEdge, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The edge itself answers after half of it.
    private static readonly TimeSpan WakePatience = TimeSpan.FromSeconds(60);
    private static readonly Uri Status = new("http://edge/status");
    private readonly string _socket;
    private readonly HttpClient _http;

    public EdgeClient(string socket) => (_socket, _http) = (socket, new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });

    public Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken) =>
        AskAsync(Status, RoutingJson.Default.EdgeStatus, Patience, cancellationToken);

    public Task<EdgeWakes?> WaitForWakesAsync(long after, CancellationToken cancellationToken) =>
        AskAsync(new Uri($"http://edge/wakes?after={after}"), RoutingJson.Default.EdgeWakes, WakePatience, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T?> AskAsync<T>(Uri uri, JsonTypeInfo<T> type, TimeSpan patience, CancellationToken cancellationToken)
        where T : class
    {
        // The server starts before its edge. The first exception of a socket would load what reads line numbers: 1 MB until the server ends.
        if (!File.Exists(_socket))
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await _http.GetFromJsonAsync(uri, type, limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
