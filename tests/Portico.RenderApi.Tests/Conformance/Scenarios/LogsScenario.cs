namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Logs: searched, and the values that their labels have.</summary>
internal sealed class LogsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var about = $"ownerId={render.Workspace}&resource={world.Api}";
        var logs = await render.SendAsync("list-logs", 200, query: $"{about}&direction=forward&limit=10");
        Assert.False(logs.GetProperty("hasMore").GetBoolean() && logs.GetProperty("logs").GetArrayLength() == 0);
        await render.SendAsync("list-logs", 200, query: $"{about}&resource={world.Worker}&level=error&type=app&text=needle&statusCode=500&method=GET&path=/a*");
        await render.SendAsync("list-logs-values", 200, query: $"{about}&label=level");
        await render.RefuseAsync("list-logs", [400], "ownerId", query: $"resource={world.Api}");
        await render.RefuseAsync("list-logs", [400], "resource", query: $"ownerId={render.Workspace}");
        await render.RefuseAsync("list-logs", [404], "srv-", query: $"ownerId={render.Workspace}&resource=srv-00000000000000000000");
        await render.RefuseAsync("list-logs", [400], "limit", query: $"{about}&limit=100000");
        await render.RefuseAsync("list-logs-values", [400], "label", query: $"{about}&label=colour");
        await render.RefuseAsync("subscribe-logs", [400], "", query: about);
    }
}
