using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Mcp;

public sealed class WorkspaceToolTests : McpTest
{
    [Fact]
    public async Task The_workspaces_are_listed()
    {
        var owner = Assert.Single((await JsonAsync("list_workspaces")).EnumerateArray());

        Assert.Equal(World.Workspace, owner.GetProperty("id").GetString());
        Assert.NotEmpty(owner.GetProperty("name").GetString()!);
    }

    [Fact]
    public async Task A_workspace_is_selected_for_its_user_alone()
    {
        Assert.Equal($"Workspace {World.Workspace} selected", await TextAsync("select_workspace", ("ownerID", World.Workspace)));
        Assert.Contains(World.Workspace, await TextAsync("get_selected_workspace"), StringComparison.Ordinal);

        await using var other = await McpSession.OpenAsync(Server, Server.Cast.Foreigner, Token);
        Assert.DoesNotContain(World.Workspace, (await other.CallAsync("get_selected_workspace", new Dictionary<string, object?>(), Token)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_workspace_is_selected_by_itself() =>
        Assert.Equal($"The currently selected workspace is: {World.Workspace}", await TextAsync("get_selected_workspace"));

    [Fact]
    public async Task A_tool_that_names_its_resource_accepts_ones_own_workspace_and_no_other()
    {
        Assert.Equal("api", (await JsonAsync("get_service", ("serviceId", World.Api), ("workspaceId", World.Workspace))).GetProperty("name").GetString());
        Assert.True((await CallAsync("get_service", ("serviceId", World.Api), ("workspaceId", "tea-00000000000000000000"))).Failed);
        Assert.StartsWith("workspaceId: ", (await CallAsync("get_service", ("serviceId", World.Api), ("workspaceId", ""))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_ones_own_cannot_be_selected()
    {
        await using var other = await McpSession.OpenAsync(Server, Server.Cast.Foreigner, Token);

        var answer = await other.CallAsync("select_workspace", new Dictionary<string, object?> { ["ownerID"] = World.Workspace }, Token);

        Assert.True(answer.Failed);
        Assert.Contains(World.Workspace, answer.Text, StringComparison.Ordinal);
    }
}
