namespace Portico.Cli.Hosting;

/// <summary>The built pages of the dashboard, which lie beside the edge.</summary>
internal static class DashboardBuild
{
    public const string Advice = "It is built with npm, which is missing or could not get its packages. Install npm and run `portico up` again; everything else works without it.";

    public static bool Exists(CliHost host) =>
        host.Variable("PORTICO_DASHBOARD_PATH") is { Length: > 0 } given ? IsIn(given)
        : host.Variable("PORTICO_EDGE_PATH") is not { Length: > 0 } edge || IsIn(Path.Combine(Path.GetDirectoryName(edge)!, "..", "dashboard"));

    private static bool IsIn(string directory) => File.Exists(Path.Combine(directory, "manifest.json"));
}
