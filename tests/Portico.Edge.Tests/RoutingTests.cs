using System.Net;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

public sealed class RoutingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("app.localhost")]
    [InlineData("APP.localhost:8080")]
    [InlineData("app.localhost.")]
    [InlineData("app.localhost.:80")]
    public async Task A_host_is_found_whatever_its_case_port_and_final_dot(string host)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Request.Host.Value!));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        var answer = await edge.ExchangeAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer);
        Assert.Contains(host, answer);
    }

    [Theory]
    [InlineData("GET", "www.example.org", "/a%20b/?q=%2F&r", "http://example.org/a%20b/?q=%2F&r")]
    [InlineData("POST", "WWW.example.org:8080", "/", "http://example.org:8080/")]
    [InlineData("GET", "www.example.org.", "//evil.example", "http://example.org//evil.example")]
    [InlineData("OPTIONS", "www.example.org", "*", "http://example.org/")]
    public async Task A_host_beside_another_leads_on_to_it_with_path_and_query(string method, string host, string target, string location)
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("app", ServiceRouteState.NotDeployed) with
        {
            Hosts = ["example.org", "www.example.org"],
            Redirects = [new HostRedirect("www.example.org", "example.org")],
        });
        var answer = await edge.ExchangeAsync($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 301 ", answer);
        Assert.Contains($"Location: {location}\r\n", answer);
    }

    [Theory]
    [InlineData("one.example.org", "wildcard one.example.org")]
    [InlineData("TWO.Example.org:8080", "wildcard TWO.Example.org:8080")]
    [InlineData("own.example.org", "own own.example.org")]
    [InlineData("example.org", null)]
    [InlineData("a.b.example.org", null)]
    [InlineData(".example.org", null)]
    [InlineData("xexample.org", null)]
    public async Task A_wildcard_has_the_hosts_one_label_below_that_are_nobodys_own(string host, string? answers)
    {
        await using var wildcard = await Upstream.StartAsync(context => context.Response.WriteAsync($"wildcard {context.Request.Host}"));
        await using var own = await Upstream.StartAsync(context => context.Response.WriteAsync($"own {context.Request.Host}"));
        await using var edge = await RunningEdge.StartAsync(
            wildcard.Service("many") with { Wildcards = ["*.example.org"] }, own.Service("own") with { Hosts = ["own.example.org"], Instances = [own.Route with { Id = "own" }] });
        var answer = await edge.ExchangeAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith(answers is null ? "HTTP/1.1 404 " : "HTTP/1.1 200 ", answer);
        Assert.Contains(answers ?? "", answer);
    }

    [Theory]
    [InlineData("Host: a b\r\n")]
    [InlineData("Host: app.localhost/x\r\n")]
    [InlineData("Host: app.localhost:80x\r\n")]
    [InlineData("Host: user@app.localhost\r\n")]
    [InlineData("Host: [::1\r\n")]
    [InlineData("Host:\r\n")]
    [InlineData("")]
    [InlineData("Host: app.localhost\r\nHost: other.localhost\r\n")]
    public async Task A_malformed_host_is_a_bad_request(string header)
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("app", ServiceRouteState.NotDeployed));
        var answer = await edge.ExchangeAsync($"GET / HTTP/1.1\r\n{header}Connection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
    }

    [Fact]
    public async Task An_unknown_host_is_told_nothing_about_others()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("secret-app", ServiceRouteState.NotDeployed));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://stranger.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("secret-app", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServiceRouteState.NotDeployed, "Not deployed yet")]
    [InlineData(ServiceRouteState.Suspended, "suspended")]
    [InlineData(ServiceRouteState.Unhealthy, "healthy")]
    public async Task A_state_without_an_answer_has_a_page_that_names_the_service(ServiceRouteState state, string text)
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", state));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://shop.localhost/", Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(text, body, StringComparison.Ordinal);
        Assert.Contains("shop", body, StringComparison.Ordinal);
        Assert.Equal(state != ServiceRouteState.Suspended, answer.Headers.RetryAfter is not null);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_service_whose_only_deploy_failed_says_so()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.NotDeployed) with { DeployFailed = true });
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://shop.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("The deploy of shop failed", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Null(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("text/html,*/*;q=0.8", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "text/plain")]
    public async Task A_page_comes_in_the_form_that_is_accepted(string accept, string type)
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.Suspended));
        using var client = edge.CreateClient();
        client.DefaultRequestHeaders.Add("Accept", accept);
        using var answer = await client.GetAsync("http://shop.localhost/", Cancelled);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Platform_hosts_lead_to_the_server_and_to_a_page_while_it_is_away()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.NotDeployed));
        using var client = edge.CreateClient();
        using (var away = await client.GetAsync("http://localhost/v1/services", Cancelled))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.Contains("Services are not affected", await away.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
        await using var server = await Upstream.StartOnSocketAsync(
            context => context.Response.WriteAsync("server " + context.Request.Path + " for " + context.Request.Host),
            Path.Combine(edge.Home, "server.sock"));
        Assert.Equal("server /v1/services for localhost", await client.GetStringAsync("http://localhost/v1/services", Cancelled));
    }

    [Fact]
    public async Task Without_a_snapshot_it_says_that_it_is_starting()
    {
        await using var edge = await RunningEdge.StartAsync();
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, (await edge.StatusAsync()).Version);
    }
}
