using Portico.ControlPlane.Platform;

namespace Portico.Server;

internal static class EdgeLocation
{
    private const string Program = "portico-edge";

    /// <summary>Finds the edge: <c>PORTICO_EDGE_PATH</c>, or the one beside this executable.</summary>
    /// <exception cref="StartException">There is no edge.</exception>
    public static EdgeProgram Find(IReadOnlyDictionary<string, string> environment)
    {
        var executable = environment.GetValueOrDefault("PORTICO_EDGE_PATH") is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : Path.Combine(AppContext.BaseDirectory, Program);
        if (!File.Exists(executable))
            throw new StartException($"There is no edge executable at '{executable}'. Set PORTICO_EDGE_PATH to the portico-edge executable.");
        return new EdgeProgram(executable, Path.Combine(AppContext.BaseDirectory, "keep.sh"));
    }
}
