using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>Requests that only their instance's death before it had read them makes repeatable.</summary>
public sealed class UnreadRequestTests
{
    private static readonly byte[] Body = RandomNumberGenerator.GetBytes(256 * 1024);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5, false)]
    [InlineData(256 * 1024, false)]
    [InlineData(256 * 1024, true)]
    public async Task An_upload_that_its_instance_never_accepted_goes_to_another(int length, bool chunked)
    {
        using var dies = new DyingInstance();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", dies.Route));
        await using var lives = await Upstream.StartAsync(EchoAsync, "srv-app-lives");
        using var client = edge.CreateClient();
        var sent = client.SendAsync(Post(Body[..length], chunked), Cancelled);
        await dies.ConnectedAsync();
        await edge.ServeAsync(Routes.Live("app", dies.Route, lives.Route));
        dies.Die();
        using var answer = await sent;
        Assert.Equal(Body[..length], await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task An_upload_that_its_instance_had_begun_to_read_goes_to_another()
    {
        using var dies = new DyingInstance();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", dies.Route));
        await using var lives = await Upstream.StartAsync(EchoAsync, "srv-app-lives");
        using var client = edge.CreateClient();
        var sent = client.SendAsync(Post(Body), Cancelled);
        await dies.ReadAsync(text => text.Length > 1000);
        await edge.ServeAsync(Routes.Live("app", dies.Route, lives.Route));
        dies.Die();
        using var answer = await sent;
        Assert.Equal(Body, await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task A_post_that_was_read_is_never_sent_twice()
    {
        using var dies = new DyingInstance();
        await using var lives = await Upstream.StartAsync(EchoAsync, "srv-app-lives");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", dies.Route));
        using var client = edge.CreateClient();
        var sent = client.PostAsync("http://app.localhost/", new StringContent("an order"), Cancelled);
        await dies.ReadAsync(text => text.EndsWith("an order", StringComparison.Ordinal));
        await edge.ServeAsync(Routes.Live("app", dies.Route, lives.Route));
        dies.Die();
        using var answer = await sent;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("app", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_too_large_to_keep_is_not_sent_twice()
    {
        using var dies = new DyingInstance();
        await using var lives = await Upstream.StartAsync(EchoAsync, "srv-app-lives");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", dies.Route));
        using var client = edge.CreateClient();
        var sent = client.SendAsync(Post(new byte[1024 * 1024 + 1], chunked: true), Cancelled);
        await dies.ReadAsync(text => text.Length > 1000);
        await edge.ServeAsync(Routes.Live("app", dies.Route, lives.Route));
        // What is left for the edge to read tells it that the body is too large.
        await dies.ReadAsync(text => text.Length > 1024 * 1024);
        dies.Reset();
        using var answer = await sent;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task A_post_that_fells_its_instances_unread_is_given_up_soon()
    {
        await using var upstream = RawUpstream.Start(_ => null);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var answer = await client.SendAsync(Post(Body), Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.InRange(upstream.Connections, 2, 4);
    }

    [Fact]
    public async Task A_websocket_that_its_instance_never_accepted_goes_to_another()
    {
        using var dies = new DyingInstance();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", dies.Route));
        await using var lives = await Upstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
        }, "srv-app-lives");
        var sent = edge.ExchangeAsync(
            "GET / HTTP/1.1\r\nHost: app.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await dies.ConnectedAsync();
        await edge.ServeAsync(Routes.Live("app", dies.Route, lives.Route));
        dies.Die();
        Assert.StartsWith("HTTP/1.1 101 ", await sent, StringComparison.Ordinal);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await context.Response.Body.WriteAsync(body.ToArray());
    }

    private static HttpRequestMessage Post(byte[] body, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://app.localhost/") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        return request;
    }

    /// <summary>Accepts nothing and reads nothing unless told, until it dies: then its system does what it does for a killed process.</summary>
    private sealed class DyingInstance : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly StringBuilder _read = new();
        private Socket? _connection;

        public DyingInstance()
        {
            _listener.Start();
            Route = new RouteInstance("srv-app-dies", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        }

        public RouteInstance Route { get; }

        public Task ConnectedAsync() => Eventually.TrueAsync(_listener.Pending, "the edge has connected");

        public async Task ReadAsync(Func<string, bool> enough)
        {
            _connection ??= await _listener.AcceptSocketAsync(Cancelled);
            var buffer = new byte[16 * 1024];
            while (!enough(_read.ToString()))
                _read.Append(Encoding.Latin1.GetString(buffer, 0, await _connection.ReceiveAsync(buffer, Cancelled)));
        }

        public void Die()
        {
            _listener.Stop();
            _connection?.Dispose();
        }

        public void Reset()
        {
            _connection!.LingerState = new LingerOption(enable: true, seconds: 0);
            Die();
        }

        public void Dispose() => Die();
    }
}
