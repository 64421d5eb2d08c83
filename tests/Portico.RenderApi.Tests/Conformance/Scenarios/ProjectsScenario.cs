namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Projects, their environments, and what is in those.</summary>
internal sealed class ProjectsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var project = await render.SendAsync("create-project", 201, body: $$"""
            {"name": "site", "ownerId": "{{render.Workspace}}", "environments": [{"name": "production", "protectedStatus": "protected"}, {"name": "staging", "networkIsolationEnabled": false}]}
            """);
        var id = project.GetProperty("id").GetString()!;
        Assert.Equal(2, project.GetProperty("environmentIds").GetArrayLength());
        await render.SendAsync("create-project", 201, body: $$"""{"name": "second", "ownerId": "{{render.Workspace}}", "environments": [{"name": "only"}]}""");
        Assert.Equal(3, (await render.ListAsync("list-projects", "project")).Count);
        Assert.Single(await render.ListAsync("list-projects", "project", query: $"name=site&ownerId={render.Workspace}"));
        await render.RefuseAsync("create-project", [400], "name", body: $$"""{"name": "", "ownerId": "{{render.Workspace}}", "environments": [{"name": "a"}]}""");
        await render.RefuseAsync("create-project", [400], "environments", body: $$"""{"name": "none", "ownerId": "{{render.Workspace}}", "environments": []}""");
        await render.SendAsync("retrieve-project", 200, [id]);
        Assert.Equal("renamed", (await render.SendAsync("update-project", 200, [id], body: """{"name": "renamed"}""")).GetProperty("name").GetString());
        await EnvironmentsAsync(render, id, world.Site);
        await render.SendAsync("delete-project", 204, [id]);
        await render.RefuseAsync("retrieve-project", [404], id, [id]);
    }

    private static async Task EnvironmentsAsync(RenderClient render, string project, string service)
    {
        Assert.Equal(2, (await render.ListAsync("list-environments", "environment", query: $"projectId={project}")).Count);
        Assert.Single(await render.ListAsync("list-environments", "environment", query: $"projectId={project}&name=staging"));
        var created = await render.SendAsync("create-environment", 201, body: $$"""{"name": "test", "projectId": "{{project}}", "protectedStatus": "unprotected"}""");
        var id = created.GetProperty("id").GetString()!;
        var rules = (await render.SendAsync("retrieve-environment", 200, [id])).GetProperty("ipAllowList");
        Assert.Equal("0.0.0.0/0", rules[0].GetProperty("cidrBlock").GetString());
        var updated = await render.SendAsync("update-environment", 200, [id], body: """{"name": "qa", "protectedStatus": "protected"}""");
        Assert.Equal("qa", updated.GetProperty("name").GetString());
        Assert.Equal("protected", updated.GetProperty("protectedStatus").GetString());
        var filled = await render.SendAsync("add-resources-to-environment", 201, [id], body: $$"""{"resourceIds": ["{{service}}"]}""");
        Assert.Contains(service, filled.GetRawText(), StringComparison.Ordinal);
        await render.SendAsync("remove-resources-from-environment", 204, [id], query: $"resourceIds={service}");
        Assert.DoesNotContain(service, (await render.SendAsync("retrieve-environment", 200, [id])).GetRawText(), StringComparison.Ordinal);
        await render.SendAsync("delete-environment", 204, [id]);
        await render.RefuseAsync("retrieve-environment", [404], id, [id]);
    }
}
