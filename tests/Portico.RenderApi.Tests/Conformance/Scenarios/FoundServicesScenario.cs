namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Services that a Blueprint made, found by every filter.</summary>
internal sealed class FoundServicesScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        Assert.Equal(3, (await render.ListAsync("list-services", "service")).Count);
        foreach (var service in world.Services.Values)
            Assert.Equal(service, (await render.SendAsync("retrieve-service", 200, [service])).GetProperty("id").GetString());
        await FindAsync(render, 1, $"ownerId={render.Workspace}&name=api&type=web_service&includePreviews=true");
        await FindAsync(render, 0, "name=ap");
        await FindAsync(render, 2, "name=api,site");
        await FindAsync(render, 2, "name=api&name=site");
        await FindAsync(render, 1, "env=python");
        await FindAsync(render, 1, "type=static_site");
        await FindAsync(render, 0, "suspended=suspended");
        await FindAsync(render, 3, "suspended=suspended,not_suspended");
        await FindAsync(render, 0, "createdAfter=2040-01-01T00:00:00Z");
        await FindAsync(render, 3, "createdBefore=2040-01-01T00:00:00Z&updatedBefore=2040-01-01T00:00:00Z");
        await FindAsync(render, 0, "environmentId=evm-00000000000000000000");
        await FindAsync(render, 0, "ownerId=tea-00000000000000000000");
    }

    private static async Task FindAsync(RenderClient render, int count, string query)
    {
        var found = await render.ListAsync("list-services", "service", query: query);
        Assert.True(found.Count == count, $"{query} finds {found.Count} services, not {count}.");
    }
}
