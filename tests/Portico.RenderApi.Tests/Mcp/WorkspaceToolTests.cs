using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Mcp;

public sealed class WorkspaceToolTests : McpTest
{
    [Fact]
    public async Task The_workspaces_are_listed()
    {
        var owner = Assert.Single((await JsonAsync("list_workspaces")).EnumerateArray()).GetProperty("owner");

        Assert.Equal(World.Workspace, owner.GetProperty("id").GetString());
        Assert.NotEmpty(owner.GetProperty("name").GetString()!);
    }

    [Fact]
    public async Task A_workspace_is_selected_for_its_user_alone()
    {
        Assert.True((await CallAsync("get_selected_workspace")).Failed);
        Assert.Equal($"Workspace {World.Workspace} selected", await TextAsync("select_workspace", ("ownerID", World.Workspace)));
        Assert.Contains(World.Workspace, await TextAsync("get_selected_workspace"), StringComparison.Ordinal);

        await using var other = await McpSession.OpenAsync(Server, Server.Cast.Foreigner, Token);
        Assert.True((await other.CallAsync("get_selected_workspace", new Dictionary<string, object?>(), Token)).Failed);
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
