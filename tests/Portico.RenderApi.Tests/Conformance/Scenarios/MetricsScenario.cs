namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Metrics of a running service, its requests and its data stores.</summary>
internal sealed class MetricsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        foreach (var metric in (string[])["cpu", "cpu-limit", "cpu-target", "memory", "memory-limit", "memory-target", "instance-count", "http-requests", "http-latency", "bandwidth"])
            await render.SendAsync($"get-{metric}", 200, query: $"resource={world.Api}");
        foreach (var metric in (string[])["disk-usage", "disk-capacity"])
            await render.SendAsync($"get-{metric}", 200, query: $"resource={world.Worker}");
        await render.SendAsync("get-active-connections", 200, query: $"resource={world.Database}");
        await render.SendAsync("list-application-filter-values", 200, query: $"resource={world.Api}");
        await render.SendAsync("list-http-filter-values", 200, query: $"resource={world.Api}");
        await render.SendAsync("list-path-filter-values", 200, query: $"resource={world.Api}&path=/");
        await render.RefuseAsync("get-cpu", [404], "srv-", query: "resource=srv-00000000000000000000");
        await render.RefuseAsync("get-cpu", [400], "resource", query: "");
        await render.RefuseAsync("get-cpu", [400], "resolutionSeconds", query: $"resource={world.Api}&resolutionSeconds=-1");
    }
}
