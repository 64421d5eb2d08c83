using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class MetricsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_is_counted_once_also_after_its_traffic_was_recorded()
    {
        var time = new ShiftedTime();
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/bad" ? 500 : 200;
            return context.Response.WriteAsync("12");
        });
        await using var edge = await RunningEdge.StartAsync(time, upstream.Service());
        using var client = edge.CreateClient();
        for (var i = 0; i < 100; i++)
        {
            if (i == 50)
            {
                time.Advance(TimeSpan.FromSeconds(10));
                await Eventually.TrueAsync(() => edge.Options.Traffic().Count > 0, "the first traffic is recorded");
            }
            (await client.PostAsync(i % 10 == 0 ? "http://app.localhost/bad" : "http://app.localhost/", new StringContent("123"), Cancelled)).Dispose();
        }
        await Eventually.TrueAsync(
            async () => await edge.MetricAsync("""portico_edge_requests_total{service="srv-app",code="2xx"}""") == 90, "90 requests are counted");
        Assert.Equal(10, await edge.MetricAsync("""portico_edge_requests_total{service="srv-app",code="5xx"}"""));
        Assert.Equal(100, await edge.MetricAsync("""portico_edge_request_duration_seconds_count{service="srv-app"}"""));
        Assert.Equal(100, await edge.MetricAsync("""portico_edge_request_duration_seconds_bucket{service="srv-app",le="+Inf"}"""));
        Assert.True(await edge.MetricAsync("""portico_edge_request_duration_seconds_sum{service="srv-app"}""") > 0);
        Assert.Equal(300, await edge.MetricAsync("""portico_edge_bytes_total{service="srv-app",direction="in"}"""));
        Assert.Equal(200, await edge.MetricAsync("""portico_edge_bytes_total{service="srv-app",direction="out"}"""));
    }

    [Fact]
    public async Task A_service_that_is_no_longer_served_is_forgotten_when_its_traffic_was_recorded()
    {
        var time = new ShiftedTime();
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var edge = await RunningEdge.StartAsync(time, upstream.Service());
        using var client = edge.CreateClient();
        (await client.GetAsync("http://app.localhost/", Cancelled)).Dispose();
        await Eventually.TrueAsync(
            async () => await edge.MetricAsync("""portico_edge_requests_total{service="srv-app",code="2xx"}""") == 1, "the request is counted");

        await edge.ServeAsync(upstream.Service("other"));
        time.Advance(TimeSpan.FromSeconds(10));
        (await client.GetAsync("http://other.localhost/", Cancelled)).Dispose();

        await Eventually.TrueAsync(
            async () => await edge.MetricAsync("""portico_edge_requests_total{service="srv-app",code="2xx"}""") is null or 0, "the old service is forgotten");
        Assert.Contains(edge.Options.Traffic(), record => record.ServiceId == "srv-app");
    }

    [Fact]
    public async Task The_state_of_the_edge_and_its_loops_is_published()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.Suspended));
        using var connection = await edge.ConnectAsync(Cancelled);
        await Eventually.TrueAsync(async () => await edge.MetricAsync("""portico_edge_connections{kind="public"}""") == 1, "the connection is counted");
        Assert.Equal(1, await edge.MetricAsync("portico_edge_snapshot_version"));
        Assert.Equal(1, await edge.MetricAsync("portico_edge_accepting"));
        Assert.Equal(0, await edge.MetricAsync("portico_edge_held_requests"));
        Assert.Equal(0, await edge.MetricAsync("portico_edge_record_queue_bytes"));
        await Eventually.TrueAsync(async () => await edge.MetricAsync("""portico_loop_passes_total{loop="routes"}""") > 1, "passes are counted");
        Assert.Equal(0, await edge.MetricAsync("""portico_loop_failing{loop="public port"}"""));
        Assert.True(await edge.MetricAsync("""portico_loop_last_pass_timestamp_seconds{loop="routes"}""") > 0);
    }

    [Fact]
    public async Task Retries_failures_and_held_requests_are_counted()
    {
        await using var edge = await RunningEdge.StartAsync(
            Routes.Live("dead", new RouteInstance("srv-dead-1", "127.0.0.1", FreePort.Find())), Routes.InState("tired", ServiceRouteState.Asleep));
        using var client = edge.CreateClient();
        var held = client.GetAsync("http://tired.localhost/", Cancelled);
        await Eventually.TrueAsync(async () => await edge.MetricAsync("portico_edge_held_requests") == 1, "the request is held");
        Assert.Equal(502, (int)(await client.GetAsync("http://dead.localhost/", Cancelled)).StatusCode);
        await Eventually.TrueAsync(
            async () => await edge.MetricAsync("""portico_edge_upstream_failures_total{service="srv-dead"}""") == 1, "the failure is counted");
        Assert.True(await edge.MetricAsync("""portico_edge_retries_total{service="srv-dead"}""") > 1);
        await edge.ServeAsync(Routes.InState("tired", ServiceRouteState.Suspended));
        Assert.Equal(503, (int)(await held).StatusCode);
    }
}
