using System.Globalization;

namespace Portico.Edge;

/// <summary>The command-line options of the edge, and the paths that it uses.</summary>
internal sealed record EdgeOptions
{
    public required string Home { get; init; }

    /// <summary>The public port, on every address; 0 for any free port.</summary>
    public required int Port { get; init; }

    public string RunDirectory => Path.Combine(Home, "run");

    public string SnapshotFile => Path.Combine(RunDirectory, "routes.json");

    /// <summary>A copy of the snapshot that is served, for the next start.</summary>
    public string LastGoodFile => Path.Combine(RunDirectory, "routes.good.json");

    /// <summary>Whether to replace an edge that runs with this home. Without it, the edge refuses to start beside another one.</summary>
    public bool TakeOver { get; init; }

    public string AdminSocket => Path.Combine(RunDirectory, "edge.sock");

    public string HandoverSocket => Path.Combine(RunDirectory, "edge.give");

    /// <summary>The folder for segments of request records, which the server reads.</summary>
    public string RequestsDirectory => Path.Combine(Home, "requests");

    /// <summary>The folder for segments of traffic records, which the server reads.</summary>
    public string TrafficDirectory => Path.Combine(Home, "traffic");

    /// <summary>Names the resolvers of this machine.</summary>
    public string ResolverFile { get; init; } = "/etc/resolv.conf";

    /// <summary>The port of the networks' own resolvers.</summary>
    public int ResolverPort { get; init; } = 53;

    /// <summary>The folder of the built dashboard, which may not exist: <c>PORTICO_DASHBOARD_PATH</c>, or the one beside the edge's own.</summary>
    public string DashboardDirectory { get; init; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "dashboard"));

    public static string Usage => "usage: portico-edge --home DIR [--port N] [--take-over]   (or PORTICO_HOME, PORTICO_HTTP_PORT)";

    /// <exception cref="FormatException">An argument is unknown, missing or not a number.</exception>
    public static EdgeOptions Parse(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        var home = variable("PORTICO_HOME");
        var port = variable("PORTICO_HTTP_PORT") ?? "8080";
        var takeOver = args.Contains("--take-over");
        args = [.. args.Where(argument => argument != "--take-over")];
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"'{args[i]}' requires a value.");
            if (args[i] == "--home") home = value;
            else if (args[i] == "--port") port = value;
            else throw new FormatException($"'{args[i]}' is not a known option.");
        }
        if (string.IsNullOrEmpty(home)) throw new FormatException("no home directory is set. Use --home DIR or PORTICO_HOME.");
        var options = new EdgeOptions { Home = Path.GetFullPath(home), Port = ParsePort(port), TakeOver = takeOver };
        return variable("PORTICO_DASHBOARD_PATH") is { Length: > 0 } dashboard ? options with { DashboardDirectory = Path.GetFullPath(dashboard) } : options;
    }

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new FormatException($"'{text}' is not a port; expected a number from 0 to 65535.");
}
