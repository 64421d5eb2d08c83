using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Platform;

/// <summary>
/// Sees to it that the edge runs: under a keeper of its own, so that it stays up and is restarted without the server.
/// </summary>
/// <remarks>The keeper holds a lock; starting a second one does nothing, so this need not know whether one is there.</remarks>
public sealed partial class EdgeHost(
    PlatformSettings settings, EdgeProgram program, TimeProvider time, ILogger<EdgeHost> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Why the edge does not run, as it said itself; null when nothing is known.</summary>
    public string? Problem()
    {
        try
        {
            var last = File.ReadLines(settings.Paths.EdgeLog).LastOrDefault(line => line.Length > 0);
            return last ?? "The edge has not started yet.";
        }
        catch (IOException)
        {
            return "The edge has not started yet.";
        }
    }

    /// <summary>Ends the keeper and the edge; the edge finishes the requests under way first.</summary>
    /// <param name="edge">The edge's process, where it has told.</param>
    public async Task EndAsync(int? edge, CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        await KeptProcess.EndAsync(KeptProcess.KeeperOf(LockFile), Patience, cancellationToken);
        // An edge whose keeper was killed runs on its own.
        await KeptProcess.EndAsync(edge, Patience, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                StartKeeper();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Thrown on, it would count as a failure and end the server while it still stops what it runs.
        }
    }

    private string LockFile => Path.Combine(settings.Paths.Run, "edge.lock");

    private void StartKeeper()
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false };
        foreach (var argument in (string[])
        [
            "--fork", "/bin/sh", program.Keeper, LockFile, settings.Paths.EdgeLog, program.Executable,
            "--home", settings.Paths.Home, "--port", settings.HttpPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            LogCannotStart(exception, program.Executable);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The edge {Program} could not be started")]
    private partial void LogCannotStart(Exception exception, string program);
}

/// <param name="Executable">The path of <c>portico-edge</c>.</param>
/// <param name="Keeper">The path of <c>keep.sh</c>.</param>
public sealed record EdgeProgram(string Executable, string Keeper);
