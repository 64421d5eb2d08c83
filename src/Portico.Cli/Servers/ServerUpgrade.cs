using System.Diagnostics;
using System.Globalization;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Upgrades a running platform to this command's version. Apps keep running: the new server adopts them, and its edge takes over the sockets of the old one.</summary>
internal sealed class ServerUpgrade(CliHost host, ServerLauncher launcher)
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <param name="running">Null when none runs.</param>
    /// <returns>The running server, unless its build is older; null when it has exited and the caller should start the new one.</returns>
    /// <exception cref="CliException">The old server does not exit.</exception>
    public async Task<ServerConnection?> RunAsync(ServerConnection? running, CancellationToken cancellationToken)
    {
        if (running is null || !IsOlder(running.Status.ServerProcessId, ServerProgram.PathOf(host)))
            return running;
        host.Error.WriteLine(host.ErrorStyle.Dim("Upgrading the server to this version…"));
        using var process = Process.GetProcessById(running.Status.ServerProcessId);
        running.Dispose();
        await TerminateAsync(process, cancellationToken);
        return await launcher.StartAsync(cancellationToken);
    }

    /// <summary>Whether the running server is another program than this command's and older: an old command never downgrades.</summary>
    private static bool IsOlder(int running, string program)
    {
        try
        {
            var other = new FileInfo($"/proc/{running}/exe").LinkTarget;
            return other is not null && File.Exists(program) && Path.GetFileName(other).StartsWith(Path.GetFileName(program), StringComparison.Ordinal)
                && other != program && (!File.Exists(other) || File.GetLastWriteTimeUtc(other) < File.GetLastWriteTimeUtc(program));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Ends the server only: its edge and its workloads keep running.</summary>
    /// <exception cref="CliException">It does not exit.</exception>
    public static async Task TerminateAsync(Process server, CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", ["-TERM", "--", server.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopTimeout);
        try
        {
            await server.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"The server (process {server.Id}) did not exit within {StopTimeout.TotalSeconds:0} seconds.", "Run the command again.");
        }
    }
}
