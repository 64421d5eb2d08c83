namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Credentials of image registries: kept, never shown again.</summary>
internal sealed class RegistryCredentialsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var created = await render.SendAsync("create-registry-credential", 200, body: $$"""{"registry": "GITHUB", "name": "ours", "username": "bot", "authToken": "s3cret-token", "ownerId": "{{render.Workspace}}"}""");
        var id = created.GetProperty("id").GetString()!;
        await render.SendAsync("create-registry-credential", 200, body: $$"""{"registry": "DOCKER", "name": "theirs", "username": "bot", "authToken": "t", "ownerId": "{{render.Workspace}}"}""");
        Assert.Equal(2, (await render.ListAsync("list-registry-credentials", null)).Count);
        Assert.Single(await render.ListAsync("list-registry-credentials", null, query: $"name=ours&type=GITHUB&ownerId={render.Workspace}"));
        await render.SendAsync("retrieve-registry-credential", 200, [id]);
        var updated = await render.SendAsync("update-registry-credential", 200, [id], body: """{"registry": "GITLAB", "name": "new", "username": "robot", "authToken": "other-s3cret"}""");
        Assert.Equal("new", updated.GetProperty("name").GetString());
        Assert.DoesNotContain("s3cret", updated.GetRawText() + created.GetRawText(), StringComparison.Ordinal);
        await render.RefuseAsync("create-registry-credential", [400], "registry", body: $$"""{"registry": "SHELF", "name": "x", "username": "bot", "authToken": "t", "ownerId": "{{render.Workspace}}"}""");
        await render.SendAsync("delete-registry-credential", 204, [id]);
        await render.RefuseAsync("retrieve-registry-credential", [404], id, [id]);
    }
}
