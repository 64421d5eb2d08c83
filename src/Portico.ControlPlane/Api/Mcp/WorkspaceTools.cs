namespace Portico.ControlPlane.Api.Mcp;

internal static class WorkspaceTools
{
    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_workspaces", "List workspaces", "List the workspaces that you have access to.", ToolKind.Read, [],
            ListAsync),
        new("select_workspace", "Select workspace",
            "Select the workspace that later calls use. Ask the user first: in the wrong workspace, calls change the wrong resources.",
            ToolKind.Read, [new("ownerID", "string", "The ID of the workspace.", true)], SelectAsync),
        new("get_selected_workspace", "Get selected workspace", "Get the selected workspace.", ToolKind.Read, [], SelectedAsync),
    ];

    private static async Task<string> SelectAsync(ToolCall call)
    {
        var workspace = call.Required("ownerID");
        await call.Api.GetAsync($"owners/{call.Id("ownerID")}");
        call.Select(workspace);
        return $"Workspace {workspace} selected";
    }

    private static async Task<string> ListAsync(ToolCall call)
    {
        var list = await PlainList.AllAsync(call, "owners", "owner");
        await call.FindWorkspaceAsync();
        return list;
    }

    private static async Task<string> SelectedAsync(ToolCall call) => await call.FindWorkspaceAsync() is { } workspace
        ? $"The currently selected workspace is: {workspace}"
        : throw new ToolException("No workspace is selected. Ask the user which one to use, then select it or pass workspaceId.");
}
