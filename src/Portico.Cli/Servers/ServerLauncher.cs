using System.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>
/// Makes sure that a server runs. It is started in its own session, under a keeper that restarts it when it
/// dies. The keeper's lock lets only one of two commands start it.
/// </summary>
internal sealed class ServerLauncher(CliHost host, PlatformSettings settings)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(250);

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly PlatformPaths _paths = settings.Paths;

    /// <exception cref="CliException">The server cannot start; the message says why.</exception>
    public async Task<ServerConnection> EnsureAsync(CancellationToken cancellationToken) =>
        await RunningAsync(cancellationToken) ?? await StartAsync(cancellationToken);

    /// <summary>Connects to the server; null when none runs.</summary>
    public async Task<ServerConnection?> RunningAsync(CancellationToken cancellationToken)
    {
        var running = await ServerConnection.TryOpenAsync(_paths, cancellationToken);
        if (running is not null)
            NoteOtherVersion(running.Status);
        return running;
    }

    /// <summary>Starts the server. Call only when none runs.</summary>
    /// <exception cref="CliException">The server cannot start; the message says why.</exception>
    public async Task<ServerConnection> StartAsync(CancellationToken cancellationToken)
    {
        var program = ServerProgram.Find(host);
        await RefuseTakenPortAsync(cancellationToken);
        CreateFolders();
        host.Error.WriteLine(host.ErrorStyle.Dim("Starting the server…"));
        var log = new ServerLogTail(_paths.ServerLog);
        var started = host.Time.GetTimestamp();
        while (host.Time.GetElapsedTime(started) < StartTimeout)
        {
            using var keeper = ServerProgram.Start(program, host.Variables, _paths);
            if (await AnswerAsync(keeper, log, started, cancellationToken) is { } connection)
                return connection;
            await Task.Delay(LockRetry, host.Time, cancellationToken);
        }
        throw Failed($"The server did not answer within {StartTimeout.TotalSeconds:0} seconds.", log);
    }

    /// <returns>Null when another keeper holds the lock: that of another command, or one that is about to exit.</returns>
    private async Task<ServerConnection?> AnswerAsync(
        Process keeper, ServerLogTail log, long started, CancellationToken cancellationToken)
    {
        while (host.Time.GetElapsedTime(started) < StartTimeout)
        {
            if (await ServerConnection.TryOpenAsync(_paths, cancellationToken) is { } connection)
                return connection;
            if (keeper.HasExited)
                return keeper.ExitCode == 0 ? null : throw Failed($"The server failed to start (exit code {keeper.ExitCode}).", log);
            await Task.Delay(PollEvery, host.Time, cancellationToken);
        }
        return null;
    }

    private CliException Failed(string message, ServerLogTail log) => new(
        message, $"See the server log: {_paths.ServerLog}. Check the machine with `portico doctor`.", ExitCode.CannotStart)
    {
        Details = log.NewLines(10),
    };

    private async Task RefuseTakenPortAsync(CancellationToken cancellationToken)
    {
        if (PortCheck.IsFree(settings.HttpPort) || await PortCheck.IsOurEdgeAsync(_paths, cancellationToken))
            return;
        var owner = PortCheck.OwnerOf(settings.HttpPort) is { } name ? $" by {name}" : "";
        throw new CliException(
            $"Port {settings.HttpPort} is already in use{owner}.",
            $"Stop that program, or use another port: PORTICO_HTTP_PORT={PortCheck.Suggest(settings.HttpPort)} portico up",
            ExitCode.CannotStart);
    }

    private void CreateFolders()
    {
        try
        {
            // The account of the workloads must be able to enter the home, and no other folder.
            Directory.CreateDirectory(_paths.Home, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            foreach (var folder in new[] { _paths.Run, _paths.Logs })
                Directory.CreateDirectory(folder, Private);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"Cannot create PORTICO_HOME ({_paths.Home}): {error.Message}",
                "Set PORTICO_HOME to a directory that you can write to.", ExitCode.CannotStart);
        }
    }

    private void NoteOtherVersion(PlatformStatus status)
    {
        if (AppVersion.WithoutBuild(status.Version) != AppVersion.Number)
            host.Error.WriteLine(host.ErrorStyle.Yellow(
                $"note: the server has version {status.Version}, this command {AppVersion.Number}. Restart the server with `portico down`, then `portico up`."));
    }
}
