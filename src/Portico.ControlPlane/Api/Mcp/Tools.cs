namespace Portico.ControlPlane.Api.Mcp;

/// <summary>All tools, with the names and arguments of Render's own server.</summary>
internal static class Tools
{
    public static IReadOnlyList<Tool> All { get; } =
    [
        .. WorkspaceTools.All, .. ServiceTools.All, .. DeployTools.All, .. DataStoreTools.All, .. LogTools.All, .. MetricTools.All,
    ];
}
