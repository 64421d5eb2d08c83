namespace Portico.ControlPlane.Api.Mcp;

internal static class CommonParameters
{
    /// <summary>The workspace that a tool works in.</summary>
    public static ToolParameter Workspace { get; } = new(
        "workspaceId", "string", "The ID of the workspace. Default: the selected workspace, or your only workspace.");

    public static ToolParameter Service { get; } = new("serviceId", "string", "The ID of the service.", true);
}
