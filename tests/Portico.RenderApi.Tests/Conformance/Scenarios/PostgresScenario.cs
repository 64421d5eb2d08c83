namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>A Postgres database from its creation to its deletion.</summary>
internal sealed class PostgresScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var created = await render.SendAsync("create-postgres", 201, body: $$"""
            {"name": "main", "ownerId": "{{render.Workspace}}", "plan": "basic_256mb", "version": "17", "databaseName": "shop", "databaseUser": "shop", "diskSizeGB": 1}
            """);
        var id = created.GetProperty("id").GetString()!;
        await render.RefuseAsync("create-postgres", [400, 409], "main", body: $$"""{"name": "main", "ownerId": "{{render.Workspace}}", "plan": "free", "version": "17"}""");
        await render.SettleAsync();
        Assert.Equal("available", (await render.SendAsync("retrieve-postgres", 200, [id])).GetProperty("status").GetString());
        Assert.Equal(2, (await render.ListAsync("list-postgres", "postgres")).Count);
        Assert.Single(await render.ListAsync("list-postgres", "postgres", query: "name=main&includeReplicas=true"));
        await render.SendAsync("retrieve-postgres-connection-info", 200, [id]);
        await render.SendAsync("update-postgres", 200, [id], body: """{"name": "primary", "ipAllowList": [{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}]}""");
        await LifeAsync(render, id);
        await render.RefuseAsync("delete-postgres", [400, 409], "api", [world.Database]);
        await render.SendAsync("delete-postgres", 204, [id]);
        await render.SettleAsync();
        await render.RefuseAsync("retrieve-postgres", [404], id, [id]);
    }

    private static async Task LifeAsync(RenderClient render, string id)
    {
        await render.SettleAsync();
        foreach (var operation in (string[])["restart-postgres", "suspend-postgres", "resume-postgres"])
        {
            await render.SendAsync(operation, 202, [id]);
            await render.SettleAsync();
        }
        Assert.Equal("available", (await render.SendAsync("retrieve-postgres", 200, [id])).GetProperty("status").GetString());
    }
}
