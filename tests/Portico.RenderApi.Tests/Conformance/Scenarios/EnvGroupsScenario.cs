namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Variables and files that services share.</summary>
internal sealed class EnvGroupsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var group = await render.SendAsync("create-env-group", 201, body: $$"""
            {"name": "common", "ownerId": "{{render.Workspace}}", "envVars": [{"key": "LEVEL", "value": "debug"}, {"key": "TOKEN", "generateValue": true}],
             "secretFiles": [{"name": "ca.pem", "content": "-----"}], "serviceIds": ["{{world.Api}}"]}
            """);
        var id = group.GetProperty("id").GetString()!;
        Assert.Equal(2, group.GetProperty("envVars").GetArrayLength());
        Assert.Contains(world.Api, group.GetProperty("serviceLinks").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(2, (await render.ListAsync("list-env-groups", null)).Count);
        Assert.Single(await render.ListAsync("list-env-groups", null, query: "name=common"));
        await render.RefuseAsync("create-env-group", [400, 409], "common", body: $$"""{"name": "common", "ownerId": "{{render.Workspace}}", "envVars": []}""");
        await render.SendAsync("retrieve-env-group", 200, [id]);
        Assert.Equal("ours", (await render.SendAsync("update-env-group", 200, [id], body: """{"name": "ours"}""")).GetProperty("name").GetString());
        await VariablesAsync(render, id);
        await FilesAsync(render, id);
        await render.SendAsync("link-service-to-env-group", 200, [id, world.Worker]);
        await render.SendAsync("unlink-service-from-env-group", 204, [id, world.Worker]);
        await render.SendAsync("delete-env-group", 204, [id]);
        await render.RefuseAsync("retrieve-env-group", [404], id, [id]);
    }

    private static async Task VariablesAsync(RenderClient render, string group)
    {
        Assert.Equal("debug", (await render.SendAsync("retrieve-env-group-env-var", 200, [group, "LEVEL"])).GetProperty("value").GetString());
        await render.SendAsync("update-env-group-env-var", 200, [group, "LEVEL"], body: """{"value": "warn"}""");
        await render.SendAsync("update-env-group-env-var", 200, [group, "NEW"], body: """{"generateValue": true}""");
        await render.RefuseAsync("update-env-group-env-var", [400], "key", [group, "NOT A KEY"], body: """{"value": "x"}""");
        await render.SendAsync("delete-env-group-env-var", 204, [group, "NEW"]);
        await render.RefuseAsync("retrieve-env-group-env-var", [404], "NEW", [group, "NEW"]);
    }

    private static async Task FilesAsync(RenderClient render, string group)
    {
        await render.SendAsync("retrieve-env-group-secret-file", 200, [group, "ca.pem"]);
        await render.SendAsync("update-env-group-secret-file", 200, [group, "new.txt"], body: """{"content": "text"}""");
        await render.SendAsync("delete-env-group-secret-file", 204, [group, "new.txt"]);
        await render.RefuseAsync("retrieve-env-group-secret-file", [404], "new.txt", [group, "new.txt"]);
    }
}
