namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Blueprints that were applied, and their syncs.</summary>
internal sealed class BlueprintsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        await render.CreateWorldAsync();
        var blueprint = Assert.Single(await render.ListAsync("list-blueprints", "blueprint")).GetProperty("id").GetString()!;
        await ValidateAsync(render);
        await render.SendAsync("retrieve-blueprint", 200, [blueprint]);
        var changed = await render.SendAsync("update-blueprint", 200, [blueprint], body: """{"name": "ours", "autoSync": false}""");
        Assert.Equal("ours", changed.GetProperty("name").GetString());
        Assert.NotEmpty(await render.ListAsync("list-blueprint-syncs", "sync", [blueprint]));
        await render.RefuseAsync("update-blueprint", [400], "path", [blueprint], body: """{"path": "../../etc/passwd"}""");
        await render.SendAsync("disconnect-blueprint", 204, [blueprint]);
        await render.RefuseAsync("retrieve-blueprint", [404], blueprint, [blueprint]);
    }

    private static async Task ValidateAsync(RenderClient render)
    {
        var form = string.Join("\r\n",
            "--x", "Content-Disposition: form-data; name=\"ownerId\"", "", render.Workspace,
            "--x", "Content-Disposition: form-data; name=\"file\"; filename=\"render.yaml\"", "", "services: []", "--x--", "");
        var verdict = await render.SendAsync("validate-blueprint", 200, body: form, contentType: "multipart/form-data; boundary=x");
        Assert.True(verdict.GetProperty("valid").GetBoolean());
    }
}
