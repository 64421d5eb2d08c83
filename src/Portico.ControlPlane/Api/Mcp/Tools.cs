namespace Portico.ControlPlane.Api.Mcp;

/// <summary>All tools, with the names and arguments of Render's own server.</summary>
internal static class Tools
{
    public static IReadOnlyList<Tool> All { get; } =
    [
        .. ((Tool[])[.. WorkspaceTools.All, .. ServiceTools.All, .. DeployTools.All, .. DataStoreTools.All, .. LogTools.All, .. MetricTools.All]).Select(WithWorkspace),
    ];

    /// <summary>Clients pass the workspace to every tool, as Render's own server accepts it.</summary>
    private static Tool WithWorkspace(Tool tool) => tool.Parameters.Contains(CommonParameters.Workspace)
        ? tool
        : tool with { Parameters = [.. tool.Parameters, CommonParameters.Workspace] };
}
