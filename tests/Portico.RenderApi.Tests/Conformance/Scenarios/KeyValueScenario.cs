namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Key Value stores, under their name and the deprecated one.</summary>
internal sealed class KeyValueScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        await render.CreateWorldAsync();
        await TakeThroughAsync(render, "key-value", "keyValue", "queue");
        await TakeThroughAsync(render, "redis", "redis", "sessions");
    }

    private static async Task TakeThroughAsync(RenderClient render, string kind, string envelope, string name)
    {
        var created = await render.SendAsync($"create-{kind}", 201, body: $$"""
            {"name": "{{name}}", "ownerId": "{{render.Workspace}}", "plan": "starter", "maxmemoryPolicy": "allkeys_lru", "ipAllowList": [{"cidrBlock": "10.0.0.0/8", "description": "office"}]}
            """);
        var id = created.GetProperty("id").GetString()!;
        await render.RefuseAsync($"create-{kind}", [400, 409], name, body: $$"""{"name": "{{name}}", "ownerId": "{{render.Workspace}}", "plan": "starter"}""");
        await render.SettleAsync();
        Assert.Equal("available", (await render.SendAsync($"retrieve-{kind}", 200, [id])).GetProperty("status").GetString());
        Assert.True((await render.ListAsync($"list-{kind}", envelope)).Count >= 2);
        Assert.Single(await render.ListAsync($"list-{kind}", envelope, query: $"name={name}&ownerId={render.Workspace}"));
        await render.SendAsync($"retrieve-{kind}-connection-info", 200, [id]);
        await render.SendAsync($"update-{kind}", 200, [id], body: """{"maxmemoryPolicy": "noeviction"}""");
        await render.SendAsync($"suspend-{kind}", 202, [id]);
        await render.SettleAsync();
        await render.SendAsync($"resume-{kind}", 202, [id]);
        await render.SettleAsync();
        await render.SendAsync($"delete-{kind}", 204, [id]);
        await render.SettleAsync();
        await render.RefuseAsync($"retrieve-{kind}", [404], id, [id]);
    }
}
