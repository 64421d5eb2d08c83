using System.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Finds the server's executable and starts it, detached from this terminal.</summary>
internal static class ServerProgram
{
    // A constant script: variable parts are arguments. It closes every file that a caller may have left open, so that
    // a script that waits for the end of our output does not wait for the server's.
    private const string Detach =
        "exec </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec /bin/sh \"$@\"";

    /// <summary>The expected path of the server, which need not exist.</summary>
    public static string PathOf(CliHost host) =>
        Path.GetFullPath(host.Variable("PORTICO_SERVER_PATH") ?? Path.Combine(AppContext.BaseDirectory, "portico-server"));

    /// <summary><c>PORTICO_SERVER_PATH</c>, or <c>portico-server</c> beside this executable.</summary>
    public static string Find(CliHost host)
    {
        var path = PathOf(host);
        if (File.Exists(path))
            return path;
        throw new CliException(
            $"There is no server executable at {path}.",
            "Run the `portico` script of the installation, or set PORTICO_SERVER_PATH.", ExitCode.CannotStart);
    }

    /// <returns>The keeper's process. It exits when the server cannot start, or when another keeper already runs.</returns>
    public static Process Start(string program, IReadOnlyDictionary<string, string> variables, PlatformPaths paths)
    {
        var keeper = Path.Combine(Path.GetDirectoryName(program)!, "keep.sh");
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Detach, "sh", keeper, paths.ServerLock, paths.ServerLog, program])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in ServerEnvironment.From(variables, paths))
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new CliException(
                $"Cannot run `setsid`: {error.Message}", "Install it: apt-get install util-linux", ExitCode.CannotStart);
        }
    }
}
