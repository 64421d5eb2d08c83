namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Disks of services: one each, growing only.</summary>
internal sealed class DisksScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        await render.RefuseAsync("add-disk", [400, 409], "", body: $$"""{"name": "more", "sizeGB": 1, "mountPath": "/more", "serviceId": "{{world.Worker}}"}""");
        await render.RefuseAsync("add-disk", [400], "", body: $$"""{"name": "site", "sizeGB": 1, "mountPath": "/site", "serviceId": "{{world.Site}}"}""");
        await render.SendAsync("scale-service", 202, [world.Api], body: """{"numInstances": 1}""");
        var disk = await render.SendAsync("add-disk", 201, body: $$"""{"name": "files", "sizeGB": 1, "mountPath": "/files", "serviceId": "{{world.Api}}"}""");
        var id = disk.GetProperty("id").GetString()!;
        Assert.Equal(2, (await render.ListAsync("list-disks", "disk")).Count);
        Assert.Single(await render.ListAsync("list-disks", "disk", query: $"name=files&serviceId={world.Api}"));
        await render.SendAsync("retrieve-disk", 200, [id]);
        Assert.Equal(2, (await render.SendAsync("update-disk", 200, [id], body: """{"sizeGB": 2}""")).GetProperty("sizeGB").GetInt32());
        await render.RefuseAsync("update-disk", [400], "sizeGB", [id], body: """{"sizeGB": 1}""");
        await render.RefuseAsync("update-disk", [400], "mountPath", [id], body: """{"mountPath": "../etc"}""");
        await render.SendAsync("delete-disk", 204, [id]);
        await render.RefuseAsync("retrieve-disk", [404], id, [id]);
        await render.SettleAsync();
    }
}
