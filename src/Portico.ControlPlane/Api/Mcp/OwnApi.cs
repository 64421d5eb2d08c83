using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>
/// Calls the platform's own HTTP API with the caller's key. A tool can therefore do exactly what the caller may do, with the
/// same rules, limits and audit log.
/// </summary>
internal sealed class OwnApi(HttpClient http, string? authorization, CancellationToken cancellationToken)
{
    public Task<string> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<string> SendAsync(HttpMethod method, string path, JsonNode? body) => SendAsync(method, path, body?.ToJsonString());

    /// <exception cref="ToolException">The API returned an error; the exception has its message.</exception>
    private async Task<string> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"http://portico/v1/{path}");
        if (AuthenticationHeaderValue.TryParse(authorization, out var header))
            request.Headers.Authorization = header;
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? text : throw new ToolException(MessageOf(text) ?? $"The API responded with status {(int)response.StatusCode}.");
    }

    private static string? MessageOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["message"]?.GetValue<string>();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Connects to the address that this server listens on.</summary>
internal sealed class OwnApiConnection(IServer server) : IDisposable
{
    private const string Unix = "http://unix:";
    private HttpClient? _http;

    public HttpClient Http => LazyInitializer.EnsureInitialized(ref _http, () => new HttpClient(
        new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(token) }));

    public void Dispose() => _http?.Dispose();

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (address.StartsWith(Unix, StringComparison.Ordinal))
            return await ConnectAsync(new UnixDomainSocketEndPoint(address[Unix.Length..]), AddressFamily.Unix, cancellationToken);
        var uri = new Uri(address);
        return await ConnectAsync(new System.Net.DnsEndPoint(uri.Host, uri.Port), AddressFamily.InterNetwork, cancellationToken);
    }

    private static async Task<Stream> ConnectAsync(System.Net.EndPoint endPoint, AddressFamily family, CancellationToken cancellationToken)
    {
        var socket = new Socket(family, SocketType.Stream, family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
