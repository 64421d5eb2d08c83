namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>What is told to whom when a deploy fails.</summary>
internal sealed class NotificationsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        await render.SendAsync("retrieve-owner-notification-settings", 200, [render.Workspace]);
        var changed = await render.SendAsync("patch-owner-notification-settings", 200, [render.Workspace], body: """{"notificationsToSend": "all", "emailEnabled": true}""");
        Assert.Equal("all", changed.GetProperty("notificationsToSend").GetString());
        await render.SendAsync("retrieve-service-notification-overrides", 200, [world.Api]);
        await render.SendAsync("patch-service-notification-overrides", 200, [world.Api], body: "{}");
        await render.SendAsync("patch-service-notification-overrides", 200, [world.Api], body: """{"notificationsToSend": "none", "previewNotificationsEnabled": "false"}""");
        await render.SendAsync("patch-service-notification-overrides", 200, [world.Site], body: """{"notificationsToSend": "failure"}""");
        var overrides = await render.ListAsync("list-notification-overrides", "override");
        Assert.True(overrides.Count >= 2);
        await render.RefuseAsync("patch-owner-notification-settings", [400], "notificationsToSend", [render.Workspace], body: """{"notificationsToSend": "sometimes"}""");
    }
}
