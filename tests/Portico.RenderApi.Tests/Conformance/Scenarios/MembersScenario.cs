namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Who is in a workspace, and what they did.</summary>
internal sealed class MembersScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var members = await render.ListAsync("retrieve-owner-members", null, [render.Workspace]);
        Assert.True(members.Count >= 6);
        var viewer = members.Single(member => member.GetProperty("email").GetString() == "viewer@localhost").GetProperty("userId").GetString()!;
        var changed = await render.SendAsync("update-workspace-member", 200, [render.Workspace, viewer], body: """{"role": "DEVELOPER"}""");
        Assert.Equal("DEVELOPER", changed.GetProperty("role").GetString());
        await render.RefuseAsync("update-workspace-member", [400], "role", [render.Workspace, viewer], body: """{"role": "EMPEROR"}""");
        await render.SendAsync("remove-workspace-member", 204, [render.Workspace, viewer]);
        Assert.Equal(members.Count - 1, (await render.ListAsync("retrieve-owner-members", null, [render.Workspace])).Count);
        Assert.NotEmpty(await render.ListAsync("list-owner-audit-logs", "auditLog", [render.Workspace]));
    }
}
