namespace Portico.ControlPlane.Api.Mcp;

internal static class CommonParameters
{
    /// <summary>Where a tool works in a workspace.</summary>
    public static ToolParameter Workspace { get; } = new(
        "workspaceId", "string", "The workspace to work in. Without it: the one selected before, or the only one there is.");

    public static ToolParameter Service { get; } = new("serviceId", "string", "The ID of the service.", true);
}
