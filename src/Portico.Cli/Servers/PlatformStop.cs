using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Stops a platform and waits until its processes have exited.</summary>
internal sealed class PlatformStop(CliHost host, PlatformSettings settings)
{
    private const int MostAttempts = 3;

    // A service may take up to 300 s to stop.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    /// <returns>False when nothing ran.</returns>
    /// <exception cref="CliException">The platform did not stop in time.</exception>
    public async Task<bool> RunAsync(bool delete, CancellationToken cancellationToken)
    {
        var log = new ServerLogTail(settings.Paths.ServerLog);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            using var server = await FindAsync(cancellationToken);
            if (server is null)
                return attempt > 0;
            if (attempt == 0)
                host.Error.WriteLine(host.ErrorStyle.Dim("Stopping…"));
            using var processes = new ProcessSet(server.Status, settings.Paths);
            await server.Client.StopAsync(new StopPlatform(delete), cancellationToken);
            if (await AreGoneAsync(processes, server.Status.ServerProcessId, cancellationToken))
                return true;
        }
        throw new CliException(
            "The server crashed each time that it was asked to stop.", $"See the server log: {settings.Paths.ServerLog}")
        {
            Details = log.NewLines(10),
        };
    }

    /// <returns>False when the server died instead of stopping, and its keeper has restarted it.</returns>
    private async Task<bool> AreGoneAsync(ProcessSet processes, int server, CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();
        while (processes.Running() is { Count: > 0 } running)
        {
            if (host.Time.GetElapsedTime(started) > StopTimeout)
                throw new CliException(
                    $"These processes did not stop within {StopTimeout.TotalMinutes:0} minutes: {string.Join(", ", running)}.",
                    $"See the server log: {settings.Paths.ServerLog}");
            if (!running.Contains(server) && await IsBackAsync(server, cancellationToken))
                return false;
            await Task.Delay(PollEvery, host.Time, cancellationToken);
        }
        return true;
    }

    private async Task<bool> IsBackAsync(int former, CancellationToken cancellationToken)
    {
        using var connection = await ServerConnection.TryOpenAsync(settings.Paths, cancellationToken);
        return connection is not null && connection.Status.ServerProcessId != former;
    }

    // An edge and services may run without a server, and only a server can stop them; and a keeper
    // is about to restart a server that died.
    private async Task<ServerConnection?> FindAsync(CancellationToken cancellationToken)
    {
        var launcher = new ServerLauncher(host, settings);
        if (await launcher.RunningAsync(cancellationToken) is { } running)
            return running;
        return KeeperLock.IsHeld(settings.Paths) || LeftoverWorkloads.AnyRuns(settings.Paths) || await PortCheck.IsOurEdgeAsync(settings.Paths, cancellationToken)
            ? await launcher.StartAsync(cancellationToken)
            : null;
    }
}
