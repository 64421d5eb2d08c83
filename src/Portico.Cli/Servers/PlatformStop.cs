using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Stops a platform, and waits until its processes are gone.</summary>
internal sealed class PlatformStop(CliHost host, PlatformSettings settings)
{
    private const int MostAttempts = 3;

    // The longest that a service may take to stop is 300 s.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    /// <returns>False when nothing ran.</returns>
    /// <exception cref="CliException">It did not stop in time.</exception>
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
            "The server broke off each time that it was told to stop.", $"The whole log is {settings.Paths.ServerLog}.")
        {
            Details = log.NewLines(10),
        };
    }

    /// <returns>False when the server died instead of stopping, and its keeper has started it again.</returns>
    private async Task<bool> AreGoneAsync(ProcessSet processes, int server, CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();
        while (processes.Running() is { Count: > 0 } running)
        {
            if (host.Time.GetElapsedTime(started) > Patience)
                throw new CliException(
                    $"These processes did not stop within {Patience.TotalMinutes:0} minutes: {string.Join(", ", running)}.",
                    $"The server's log says what it waits for: {settings.Paths.ServerLog}");
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

    // Without a server there may still be an edge and services, which only a server knows how to stop; and a keeper
    // is about to bring back a server that died.
    private async Task<ServerConnection?> FindAsync(CancellationToken cancellationToken)
    {
        var launcher = new ServerLauncher(host, settings);
        if (await launcher.RunningAsync(cancellationToken) is { } running)
            return running;
        return KeeperLock.IsHeld(settings.Paths) || LeftWorkloads.AnyRuns(settings.Paths) || await PortCheck.IsOurEdgeAsync(settings.Paths, cancellationToken)
            ? await launcher.StartAsync(cancellationToken)
            : null;
    }
}
