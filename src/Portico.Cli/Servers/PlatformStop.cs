using System.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Stops a platform, and waits until its processes are gone.</summary>
internal sealed class PlatformStop(CliHost host, PlatformSettings settings)
{
    // The longest that a service may take to stop is 300 s.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    /// <returns>False when nothing ran.</returns>
    /// <exception cref="CliException">It did not stop in time.</exception>
    public async Task<bool> RunAsync(bool delete, CancellationToken cancellationToken)
    {
        using var server = await FindAsync(cancellationToken);
        if (server is null)
            return false;
        host.Error.WriteLine(host.ErrorStyle.Dim("Stopping…"));
        using var processes = new ProcessSet(server.Status);
        await server.Client.StopAsync(new StopPlatform(delete), cancellationToken);
        var started = host.Time.GetTimestamp();
        while (processes.Running() is { Count: > 0 } running)
        {
            if (host.Time.GetElapsedTime(started) > Patience)
                throw new CliException(
                    $"These processes did not stop within {Patience.TotalMinutes:0} minutes: {string.Join(", ", running)}.",
                    $"The server's log says what it waits for: {settings.Paths.ServerLog}");
            await Task.Delay(PollEvery, host.Time, cancellationToken);
        }
        return true;
    }

    // Without a server there may still be an edge and services, which only a server knows how to stop.
    private async Task<ServerConnection?> FindAsync(CancellationToken cancellationToken)
    {
        var launcher = new ServerLauncher(host, settings);
        if (await launcher.RunningAsync(cancellationToken) is { } running)
            return running;
        return await PortCheck.IsOurEdgeAsync(settings.Paths, cancellationToken)
            ? await launcher.StartAsync(cancellationToken)
            : null;
    }

    /// <summary>Handles, so that a number which is used again is not taken for the old process.</summary>
    private sealed class ProcessSet : IDisposable
    {
        private readonly List<Process> _processes = [];

        public ProcessSet(PlatformStatus status)
        {
            foreach (var pid in new[] { status.ServerProcessId, status.EdgeProcessId ?? 0 })
                if (pid > 0 && TryOpen(pid) is { } process)
                    _processes.Add(process);
        }

        public List<int> Running() => [.. _processes.Where(process => !process.HasExited).Select(process => process.Id)];

        public void Dispose()
        {
            foreach (var process in _processes)
                process.Dispose();
        }

        private static Process? TryOpen(int pid)
        {
            try
            {
                return Process.GetProcessById(pid);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
