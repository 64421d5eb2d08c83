using System.Net.WebSockets;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Access;

/// <summary>
/// Whatever opens as a websocket for the owner is a websocket, found by asking every route that can be read for one; and
/// then those try it who must not pass.
/// </summary>
public sealed class WebSocketWalk(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>All that there are: one that the walk no longer finds, or a new one, is looked at by somebody.</summary>
    private static readonly string[] Known =
    [
        "GET /portico/v1/logs/follow", "GET /portico/v1/services/{serviceId}/run", "GET /portico/v1/services/{serviceId}/shell", "GET /portico/v1/stream",
        "GET /v1/logs/subscribe",
    ];

    private const int Switching = 101;

    private RenderServer _server = null!;
    private World _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task These_routes_are_websockets() =>
        Assert.Equal(Known, (await FindAsync()).SelectMany(item => Routes.Of(item.Endpoint)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_websocket_opens_for_those_alone_who_have_its_permission()
    {
        foreach (var (endpoint, path) in await FindAsync())
        {
            var needed = endpoint.Metadata.GetMetadata<NeedsPermission>();
            Assert.NotNull(needed);
            foreach (var someone in _server.Cast.Former.Prepend(Someone.Stranger))
                Assert.Equal((401, someone), (await OpenAsync(path, someone), someone));
            Assert.Equal(404, await OpenAsync(path, _server.Cast.Foreigner));
            foreach (var (role, member) in _server.Cast.Members)
                Assert.Equal((role.Allows(needed.Permission) ? Switching : 403, member), (await OpenAsync(path, member), member));
        }
    }

    private async Task<IReadOnlyList<(RouteEndpoint Endpoint, string Path)>> FindAsync()
    {
        var (found, tried) = (new List<(RouteEndpoint, string)>(), 0);
        var query = $"?ownerId={_world.Workspace}&resource={_world.Api}";
        foreach (var endpoint in _server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null))
            foreach (var request in WalkedRequests.For(endpoint, _world.IdFor).Where(request => request.WebSocket))
            {
                tried++;
                if (await OpenAsync(request.Path + query, _server.Cast.Owner) == Switching)
                    found.Add((endpoint, request.Path + query));
            }
        output.WriteLine($"{found.Count} of {tried} routes opened as a websocket.");
        Assert.True(tried >= 50);
        return found;
    }

    /// <summary>The status of the answer.</summary>
    private async Task<int> OpenAsync(string path, Someone by)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (by.Key is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {by.Key}");
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{_server.Address.Authority}{path}"), Token);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != default)
        {
            // Refused, or no websocket: the status tells.
        }
        return (int)socket.HttpStatusCode;
    }
}
