using System.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;

namespace Portico.Cli.Servers;

/// <summary>
/// Restarts the server, so that it reads <c>portico.conf</c> again. Apps and edge keep running; an edge that has other settings
/// now is replaced by a new one, which takes over its sockets.
/// </summary>
internal sealed class ServerReload(CliHost host)
{
    private static readonly TimeSpan EdgeTimeout = TimeSpan.FromSeconds(30), PollEvery = TimeSpan.FromMilliseconds(100);

    /// <exception cref="CliException">No server runs, or the new settings cannot be used. The server then keeps the old ones.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var paths = host.LoadSettings().Paths;
        using var running = await ServerConnection.OpenAsync(paths, cancellationToken);
        // The new server gets the environment of the old one, and not that of this shell: only the file is to be applied.
        var inherited = host with { Variables = EnvironmentOf(running.Status.ServerProcessId) ?? host.Variables };
        var settings = inherited.LoadSettings();
        if (settings.HttpPort != running.Status.HttpPort)
            RefuseTakenPort(settings.HttpPort);
        var launcher = new ServerLauncher(inherited, settings);
        using (var process = Process.GetProcessById(running.Status.ServerProcessId))
            await ServerUpgrade.TerminateAsync(process, cancellationToken);
        using var started = await launcher.StartAsync(cancellationToken);
        var status = await ServedAsync(started.Client, settings.HttpPort, cancellationToken);
        if (status.EdgeProblem is not null)
        {
            EdgeReport.Write(host, status);
            return ExitCode.Failure;
        }
        if (!status.IsEdgeCurrent)
        {
            ErrorReport.Write(host, "The server runs with the new settings. The edge still serves with the old ones.", $"Its log is {paths.EdgeLog}. Check the machine with `portico doctor`.", []);
            return ExitCode.Failure;
        }
        host.Out.WriteLine($"The settings in {paths.SettingsFile} are in effect. Services kept running.");
        foreach (var name in Overridden(inherited, paths))
            host.Error.WriteLine(
                $"{host.ErrorStyle.Yellow("warning:")} {name} is also in the environment of the server, which takes precedence. To use the file: `portico down`, unset it, `portico start`.");
        return ExitCode.Ok;
    }

    private static void RefuseTakenPort(int port)
    {
        if (PortCheck.IsFree(port))
            return;
        var owner = PortCheck.OwnerOf(port) is { } name ? $" by {name}" : "";
        throw new CliException(
            $"Port {port} is already in use{owner}. Nothing was changed.", $"Use another one in portico.conf: PORTICO_HTTP_PORT={PortCheck.Suggest(port)}", ExitCode.CannotStart);
    }

    /// <summary>Waits until an edge with the new settings serves on the port. The old one may answer until then.</summary>
    private async Task<PlatformStatus> ServedAsync(PlatformClient client, int port, CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();
        while (true)
        {
            var status = await client.GetStatusAsync(cancellationToken);
            if ((status is { EdgeProblem: null, IsEdgeCurrent: true } && !PortCheck.IsFree(port)) || host.Time.GetElapsedTime(started) > EdgeTimeout)
                return status;
            await Task.Delay(PollEvery, host.Time, cancellationToken);
        }
    }

    private static IEnumerable<string> Overridden(CliHost inherited, PlatformPaths paths) => !File.Exists(paths.SettingsFile)
        ? []
        : File.ReadLines(paths.SettingsFile).Select(line => line.Trim()).Where(line => line.StartsWith("PORTICO_", StringComparison.Ordinal))
            .Select(line => line.Split('=')[0].Trim()).Where(name => inherited.Variable(name) is not null).Distinct(StringComparer.Ordinal);

    /// <returns>Null where the system does not tell.</returns>
    private static Dictionary<string, string>? EnvironmentOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(entry => entry.Split('=', 2)).Where(entry => entry.Length == 2).GroupBy(entry => entry[0])
                .ToDictionary(group => group.Key, group => group.First()[1], StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
