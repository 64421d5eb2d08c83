using System.Net;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

/// <summary>Proxies in front of the edge: which are believed, and what.</summary>
public sealed class TrustedProxyTests
{
    private static readonly IPAddress Proxy = IPAddress.Parse("127.0.0.5");

    [Theory]
    [InlineData("127.0.0.5", "203.0.113.7", "https", "203.0.113.7 https")]
    [InlineData("127.0.0.5", "203.0.113.7:4711", "HTTPS", "203.0.113.7 https")]
    [InlineData("127.0.0.5", "[2001:db8::1]:4711", "https", "2001:db8::1 https")]
    [InlineData("127.0.0.5", "6.6.6.6, 203.0.113.7", "http, https", "203.0.113.7 https")]
    [InlineData("127.0.0.5", "6.6.6.6, 203.0.113.7, 10.1.2.3", "https", "203.0.113.7 https")]
    [InlineData("127.0.0.5", "10.1.2.3", "https", "10.1.2.3 https")]
    [InlineData("127.0.0.5", "203.0.113.7, nonsense, 10.1.2.3", "https", "10.1.2.3 https")]
    [InlineData("127.0.0.5", "nonsense", "gopher", "127.0.0.5 http")]
    [InlineData("127.0.0.5", null, null, "127.0.0.5 http")]
    [InlineData("127.0.0.1", "203.0.113.7", "https", "127.0.0.1 http")]
    [InlineData("127.0.0.6", "203.0.113.7, 127.0.0.5", "https", "127.0.0.6 http")]
    public async Task The_client_and_its_scheme_are_taken_from_a_trusted_proxy_and_from_nobody_else(string from, string? forwardedFor, string? proto, string expected)
    {
        await using var upstream = await Upstream.StartAsync(context =>
            context.Response.WriteAsync($"<{context.Request.Headers["X-Forwarded-For"]} {context.Request.Headers["X-Forwarded-Proto"]}>"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        await edge.ServeAsync(edge.Snapshot(upstream.Service()) with { TrustedProxies = ["127.0.0.5/32", "10.0.0.0/8"] });
        var headers = (forwardedFor is null ? "" : $"X-Forwarded-For: {forwardedFor}\r\n") + (proto is null ? "" : $"X-Forwarded-Proto: {proto}\r\n");
        var answer = await edge.ExchangeAsync($"GET / HTTP/1.1\r\nHost: app.localhost\r\n{headers}Connection: close\r\n\r\n", IPAddress.Parse(from));
        Assert.Contains($"<{expected}>", answer);
        Assert.Equal(expected.Split(' ')[0], Assert.Single(await edge.Options.RequestsAsync(1)).Client);
    }

    [Fact]
    public async Task Inbound_rules_and_redirects_go_by_the_client_behind_the_proxy()
    {
        await using var edge = await RunningEdge.StartAsync();
        var service = Routes.InState("app", ServiceRouteState.NotDeployed) with
        {
            Hosts = ["example.org", "www.example.org"],
            Redirects = [new HostRedirect("www.example.org", "example.org")],
            AllowedSources = ["203.0.113.0/24"],
        };
        await edge.ServeAsync(edge.Snapshot(service) with { TrustedProxies = ["127.0.0.5"] });
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync("198.51.100.1", Proxy));
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync("203.0.113.1", IPAddress.Loopback));
        var answer = await AskAsync("203.0.113.1", Proxy);
        Assert.StartsWith("HTTP/1.1 301 ", answer);
        Assert.Contains("Location: https://example.org/\r\n", answer);

        Task<string> AskAsync(string client, IPAddress from) => edge.ExchangeAsync(
            $"GET / HTTP/1.1\r\nHost: www.example.org\r\nX-Forwarded-For: {client}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n", from);
    }

    [Fact]
    public async Task A_snapshot_with_a_proxy_that_is_no_range_is_refused()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("app", ServiceRouteState.NotDeployed));
        edge.Write(edge.Snapshot(Routes.InState("app", ServiceRouteState.NotDeployed)) with { TrustedProxies = ["proxy.example.org"] });
        await Portico.Testing.Eventually.TrueAsync(
            async () => (await edge.StatusAsync()).Refused?.Contains("proxy.example.org", StringComparison.Ordinal) == true, "the snapshot is refused");
    }
}
