using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Routing;

/// <summary>Asks the edge on its admin socket.</summary>
public sealed class EdgeClient : IEdge, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Uri Status = new("http://edge/status");
    private readonly HttpClient _http;

    public EdgeClient(string socket) => _http = new HttpClient(new SocketsHttpHandler
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
        Timeout = Patience,
    };

    public async Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync(Status, RoutingJson.Default.EdgeStatus, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
