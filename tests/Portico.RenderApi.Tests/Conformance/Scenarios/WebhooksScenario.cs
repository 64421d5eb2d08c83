namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>A receiver of events, and what it was sent.</summary>
internal sealed class WebhooksScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var made = await render.SendAsync("create-webhook", 201, body: $$"""{"ownerId": "{{render.Workspace}}", "url": "https://receiver.example/hook", "name": "ours", "enabled": true, "eventFilter": []}""");
        var id = made.GetProperty("id").GetString()!;
        await render.SendAsync("create-webhook", 201, body: $$"""{"ownerId": "{{render.Workspace}}", "url": "https://other.example/hook", "name": "theirs", "enabled": false, "eventFilter": ["deploy_ended"]}""");
        Assert.Equal(2, (await render.ListAsync("list-webhooks", "webhook")).Count);
        Assert.Equal(2, (await render.ListAsync("list-webhooks", "webhook", query: $"ownerId={render.Workspace}")).Count);
        await render.SendAsync("retrieve-webhook", 200, [id]);
        await render.SendAsync("suspend-service", 202, [world.Api]);
        await render.SettleAsync();
        await render.SendAsync("resume-service", 202, [world.Api]);
        await render.SettleAsync();
        Assert.True((await render.ListAsync("list-webhook-events", "webhookEvent", [id])).Count >= 2);
        var changed = await render.SendAsync("update-webhook", 200, [id], body: """{"name": "new", "url": "https://new.example/", "enabled": false, "eventFilter": ["server_failed"]}""");
        Assert.Equal("new", changed.GetProperty("name").GetString());
        await render.RefuseAsync("update-webhook", [400], "url", [id], body: """{"url": "http://10.0.0.1/"}""");
        await render.RefuseAsync("create-webhook", [400], "eventFilter", body: $$"""{"ownerId": "{{render.Workspace}}", "url": "https://receiver.example/hook", "name": "ours", "enabled": true, "eventFilter": ["lunch"]}""");
        await render.SendAsync("delete-webhook", 204, [id]);
        await render.RefuseAsync("retrieve-webhook", [404], id, [id]);
    }
}
