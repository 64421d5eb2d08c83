using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Platform;
using Portico.Core.Routing;

namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Metrics of a running service, its requests and its data stores.</summary>
internal sealed class MetricsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        await MeasureAsync(render, world.Api);
        foreach (var metric in (string[])["cpu", "cpu-limit", "memory", "memory-limit", "instance-count", "http-requests", "http-latency", "bandwidth"])
            Assert.NotEmpty(await render.ListAsync($"get-{metric}", null, query: $"resource={world.Api}"));
        await render.SendAsync("get-bandwidth-sources", 200, query: $"resource={world.Api}");
        foreach (var metric in (string[])["cpu-target", "memory-target"])
            await render.SendAsync($"get-{metric}", 200, query: $"resource={world.Api}");
        foreach (var metric in (string[])["disk-usage", "disk-capacity"])
            await render.SendAsync($"get-{metric}", 200, query: $"resource={world.Worker}");
        await render.SendAsync("get-active-connections", 200, query: $"resource={world.Database}");
        await RequestsAsync(render, world.Api);
        await render.RefuseAsync("get-cpu", [404], "srv-", query: "resource=srv-00000000000000000000");
        await render.RefuseAsync("get-cpu", [400], "resource", query: "");
        await render.RefuseAsync("get-cpu", [400], "resolutionSeconds", query: $"resource={world.Api}&resolutionSeconds=-1");
    }

    private static async Task RequestsAsync(RenderClient render, string service)
    {
        Assert.Equal(2, (await render.ListAsync("get-http-requests", null, query: $"resource={service}&aggregateBy=statusCode")).Count);
        Assert.Single(await render.ListAsync("get-http-latency", null, query: $"resource={service}&quantile=0.99"));
        Assert.NotEmpty(await render.ListAsync("list-application-filter-values", null, query: $"resource={service}"));
        Assert.NotEmpty(await render.ListAsync("list-http-filter-values", null, query: $"resource={service}"));
        Assert.Contains("/checkout", (await render.SendAsync("list-path-filter-values", 200, query: $"resource={service}&path=/check")).GetRawText(), StringComparison.Ordinal);
        await render.RefuseAsync("get-http-latency", [400], "quantile", query: $"resource={service}&quantile=2");
        await render.RefuseAsync("get-http-requests", [400], "aggregateBy", query: $"resource={service}&aggregateBy=colour");
    }

    /// <summary>Two rounds, because CPU is a rate; and some requests, as the edge counts them.</summary>
    private static async Task MeasureAsync(RenderClient render, string service)
    {
        var (time, sampling) = (render.Server.Platform.Time, render.Server.Services.GetRequiredService<MetricsSampling>());
        await sampling.SampleAsync(0, render.Token);
        time.Advance(TimeSpan.FromSeconds(30));
        await sampling.SampleAsync(1, render.Token);
        var latency = new LatencyHistogram();
        latency.Record(1500);
        TrafficSeries Requests(int status) => new()
        {
            Host = "api.localhost",
            Path = "/checkout",
            Method = "POST",
            Status = status,
            Count = 1,
            BytesIn = 10,
            BytesOut = 100,
            Latency = latency.ToPairs(),
        };
        var now = time.GetUtcNow();
        render.Server.Services.GetRequiredService<MetricsWriter>().Write(
            [new TrafficRecord(service, now.AddSeconds(-5), now, 0, [Requests(201), Requests(500)])], "scenario", new SegmentPosition(0, 0));
        time.Advance(TimeSpan.FromSeconds(30));
    }
}
