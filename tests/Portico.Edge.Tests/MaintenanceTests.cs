using System.Net;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Pages;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class MaintenanceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Public_requests_get_a_page_and_internal_ones_the_service()
    {
        var port = FreePort.Find();
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("service"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service(internalPort: port) with { Maintenance = new MaintenanceRoute(null) });
        using var client = edge.CreateClient();
        using var answer = await client.PostAsync("http://app.localhost/any", new StringContent("x"), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("maintenance", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        using var direct = new HttpClient();
        Assert.Equal("service", await direct.GetStringAsync($"http://127.0.0.1:{port}/", Cancelled));

        await edge.ServeAsync(upstream.Service(internalPort: port));
        Assert.Equal("service", await client.GetStringAsync("http://app.localhost/", Cancelled));
    }

    [Theory]
    [InlineData(200, 503)]
    [InlineData(404, 404)]
    [InlineData(500, 500)]
    public async Task A_page_of_the_owners_is_shown_and_an_error_of_its_own_passed_on(int theirs, int ours)
    {
        var asked = 0;
        await using var pages = await Upstream.StartAsync(
            context =>
            {
                Interlocked.Increment(ref asked);
                context.Response.StatusCode = theirs;
                context.Response.ContentType = "text/html; charset=utf-8";
                return context.Response.WriteAsync("<h1>Back at nine</h1>");
            },
            "srv-pages-1");
        await using var edge = await RunningEdge.StartAsync(
            Routes.Live("app") with { Maintenance = new MaintenanceRoute("https://pages.localhost:9/soon") }, pages.Service("pages"));
        using var client = edge.CreateClient();
        for (var time = 0; time < 5; time++)
        {
            using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
            Assert.Equal(ours, (int)answer.StatusCode);
            Assert.Equal("<h1>Back at nine</h1>", await answer.Content.ReadAsStringAsync(Cancelled));
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        }
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("http://app.localhost/loop")]
    [InlineData("http://other.localhost/loop")]
    [InlineData("http://127.0.0.2:1/private")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]:22/")]
    public async Task A_page_that_cannot_be_had_is_the_edges_own(string uri)
    {
        await using var edge = await RunningEdge.StartAsync(
            Routes.Live("app") with { Maintenance = new MaintenanceRoute(uri) },
            Routes.Live("other") with { Maintenance = new MaintenanceRoute("http://app.localhost/") });
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("maintenance", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("0.0.0.0", false)]
    public void Only_what_everyone_could_ask_is_asked(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
}
