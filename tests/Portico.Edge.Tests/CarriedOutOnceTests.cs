using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>A request that may have been carried out is not sent again, unless its method is safe.</summary>
public sealed class CarriedOutOnceTests
{
    private static readonly byte[] Body = RandomNumberGenerator.GetBytes(256 * 1024);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The first request makes a connection that the second one uses: there, HttpClient itself would repeat it.</summary>
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("PURGE")]
    [InlineData("PROPFIND")]
    public async Task A_request_without_a_body_reaches_an_instance_once(string method)
    {
        await using var instance = new KeptConnections();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", instance.Route));
        using var client = edge.CreateClient();
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://app.localhost/"), Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("may have been carried out", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Null(answer.Headers.RetryAfter);
        instance.Break();
        using var second = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://app.localhost/new"), Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, second.StatusCode);
        Assert.Equal(1, instance.CountRequests($"{method} / "));
        Assert.Equal(1, instance.CountRequests($"{method} /new "));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task A_request_that_waits_for_100_continue_reaches_an_instance_once(string method)
    {
        await using var instance = new KeptConnections();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", instance.Route));
        using var client = edge.CreateClient();
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://app.localhost/") { Content = new StringContent("body") };
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(1, instance.CountRequests($"{method} / "));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_safe_request_is_repeated_only_within_the_limits(string method)
    {
        await using var instance = new KeptConnections();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", instance.Route));
        using var client = edge.CreateClient();
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/first", Cancelled));
        using (var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://app.localhost/"), Cancelled))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, instance.CountRequests($"{method} / "));
        instance.Break();
        using var broken = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://app.localhost/broken"), Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, broken.StatusCode);
        Assert.Equal(3, instance.CountRequests($"{method} /broken "));
    }

    [Fact]
    public async Task A_request_to_the_platform_itself_is_carried_out_once_too()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.NotDeployed));
        await using var server = new KeptConnections(Path.Combine(edge.Home, "server.sock"));
        using var client = edge.CreateClient();
        Assert.Equal("ok", await client.GetStringAsync("http://localhost/", Cancelled));
        using var post = await client.PostAsync("http://localhost/v1/services/srv-1/restart", null, Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, post.StatusCode);
        Assert.Equal(1, server.CountRequests("POST "));
        Assert.Equal("ok", await client.GetStringAsync("http://localhost/kept", Cancelled));
        Assert.Equal("ok", await client.GetStringAsync("http://localhost/again", Cancelled));
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(256 * 1024, false)]
    [InlineData(256 * 1024, true)]
    public async Task An_upload_of_which_a_part_was_sent_is_not_sent_again_even_if_nothing_was_read(int length, bool chunked)
    {
        using var dies = new DyingInstance();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", dies.Route));
        var received = 0;
        await using var lives = await Upstream.StartAsync(_ =>
        {
            Interlocked.Increment(ref received);
            return Task.CompletedTask;
        }, "srv-app-lives");
        using var client = edge.CreateClient();
        var sent = client.SendAsync(Post(Body[..length], chunked), Cancelled);
        await dies.SentAsync();
        await edge.ServeAsync(Routes.Live("app", dies.Route, lives.Route));
        dies.Die();
        using var answer = await sent;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(0, received);
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

    /// <summary>As on an overloaded machine: the instance's system lets the edge wait for a connection until the edge gives up.</summary>
    [Fact]
    public async Task A_connection_that_is_not_made_in_time_has_sent_nothing_and_the_upload_goes_to_another()
    {
        using var full = new FullInstance();
        await using var lives = await Upstream.StartAsync(EchoAsync, "srv-app-lives");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", full.Route));
        using var client = edge.CreateClient();
        var sent = client.SendAsync(Post(Body), Cancelled);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).InFlight.ContainsKey(full.Route.Id), "the edge connects");
        await edge.ServeAsync(Routes.Live("app", full.Route, lives.Route));
        using var answer = await sent;
        Assert.Equal(Body, await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_websocket_that_its_instance_never_accepted_goes_to_another(bool isSent)
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
        await (isSent ? dies.SentAsync() : dies.ConnectedAsync());
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

        /// <summary>Waits until the system of the instance, though not the instance itself, has a part of the request.</summary>
        public Task SentAsync() => Eventually.TrueAsync(
            () => File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(fields => fields[1].EndsWith($":{Route.Port:X4}", StringComparison.Ordinal)
                    && fields[3] == "01" && !fields[4].EndsWith(":00000000", StringComparison.Ordinal)), "the edge has sent a part");

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

        public void Dispose() => Die();
    }
    /// <summary>Takes as many connections as its system keeps for it, so that no further one can be made.</summary>
    private sealed class FullInstance : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket[] _waiting;

        public FullInstance()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(1);
            Route = new RouteInstance("srv-app-full", "127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);
            _waiting = [.. Enumerable.Range(0, 8).Select(_ => Connect())];
        }

        public RouteInstance Route { get; }

        public void Dispose()
        {
            _listener.Dispose();
            Array.ForEach(_waiting, socket => socket.Dispose());
        }

        private Socket Connect()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _ = socket.ConnectAsync(IPAddress.Loopback, Route.Port).ContinueWith(connecting => connecting.Exception, TaskScheduler.Default);
            return socket;
        }
    }
}
