using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.Core.Routing;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Platform;

/// <summary>
/// Sees to it that the edge runs: under a keeper of its own, so that it stays up and is restarted without the server.
/// </summary>
/// <remarks>The keeper holds a lock; starting a second one does nothing, so this need not know whether one is there.</remarks>
internal sealed partial class EdgeHost(
    PlatformSettings settings, EdgeProgram program, RoutesState routes, BackgroundLoops loops, TimeProvider time, ILogger<EdgeHost> logger) : BackgroundService
{
    // A new edge is up within a second or two; one that cannot start is tried again, and the old one serves meanwhile.
    private static readonly TimeSpan BetweenReplacements = TimeSpan.FromMinutes(1);

    /// <summary>An edge repairs most things itself; only one that does not is replaced.</summary>
    private static readonly TimeSpan UnhealthyFor = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly PublicPortCheck _port = new(settings.HttpPort);
    private DateTimeOffset _replaced;
    private int? _replacedProcess;
    private DateTimeOffset? _unhealthySince;

    /// <summary>Returns what is known of an edge that has not answered yet. It may have just started, so the end of its log need not be a reason.</summary>
    public string Problem()
    {
        const string notStarted = "The edge has not started yet.";
        try
        {
            return File.ReadLines(settings.Paths.EdgeLog).LastOrDefault(line => line.Length > 0) is { } last
                ? $"It does not answer. Its log ends with: {last}"
                : notStarted;
        }
        catch (IOException)
        {
            return notStarted;
        }
    }

    /// <summary>Whether an edge runs the program and the settings of this server, so that it need not be replaced for them.</summary>
    public bool IsCurrent(EdgeStatus edge) => RealPath.Resolve(program.Executable) is { } wanted
        && KeeperProcess.ExecutableOf(edge.ProcessId) == wanted && !HasOtherArguments(edge);

    /// <summary>
    /// Ends every keeper and edge of this home; the edges finish the requests under way first. They are found by their arguments: during
    /// a hand-over there are two of each, and the files of a deleted home are gone.
    /// </summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        // A keeper that was just started, or restarts its edge, may add one meanwhile.
        while (KeeperProcess.WithArguments(program.Executable, ["--home", settings.Paths.Home]) is { Count: > 0 } found)
            await Task.WhenAll(found.Select(id => KeeperProcess.EndAsync(id, Patience, cancellationToken)));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("edge", async cancellationToken =>
    {
        await ReplaceAsync(cancellationToken);
        StartKeeper();
        return Interval;
    }, stoppingToken);

    private string[] Arguments =>
        ["--home", settings.Paths.Home, "--port", settings.HttpPort.ToString(System.Globalization.CultureInfo.InvariantCulture), "--take-over"];

    private string LockFile => Path.Combine(settings.Paths.Run, "edge.lock");

    /// <summary>
    /// Replaces an edge of another version than this server's, or with other settings, or one that says that it cannot do its work: its keeper keeps its
    /// lock, under another name, so that a second keeper starts the new edge beside it. That one takes over the sockets, and the
    /// old one finishes what it has. An edge that does not even hand over is ended, so that the new one can bind its port.
    /// </summary>
    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Without its program there is nothing that could take over.
        if (routes.Edge is not { } edge || now - _replaced < BetweenReplacements || !File.Exists(settings.Paths.EdgeHandover)
            || RealPath.Resolve(program.Executable) is not { } wanted
            || KeeperProcess.ExecutableOf(edge.ProcessId) is not { } runs || !File.Exists(LockFile))
            return;
        var problem = await FindProblemAsync(edge, cancellationToken);
        _unhealthySince = problem is not null ? _unhealthySince ?? now : null;
        if (runs != wanted)
            LogUpgrading(edge.ProcessId, runs, program.Executable);
        else if (HasOtherArguments(edge))
            LogReconfiguring(edge.ProcessId);
        else if (now - _unhealthySince >= UnhealthyFor)
            LogReplacing(edge.ProcessId, problem!);
        else
            return;
        var hasNotHandedOver = _replacedProcess == edge.ProcessId;
        (_replaced, _replacedProcess, _unhealthySince) = (now, edge.ProcessId, null);
        if (hasNotHandedOver)
            await KeeperProcess.EndAsync(edge.ProcessId, Patience, cancellationToken);
        else
            File.Move(LockFile, $"{LockFile}.before", overwrite: true);
    }

    private bool HasOtherArguments(EdgeStatus edge) =>
        KeeperProcess.ArgumentsOf(edge.ProcessId) is { } arguments && !arguments.SequenceEqual(Arguments);

    /// <returns>Why the edge cannot do its work, as it says itself or as its public port shows; null when it can.</returns>
    private async Task<string?> FindProblemAsync(EdgeStatus edge, CancellationToken cancellationToken) =>
        edge.Health == EdgeHealth.Unhealthy
            ? string.Join("; ", edge.FailingLoops.Select(loop => $"{loop.Loop}: {loop.Message}"))
            : await _port.FindProblemAsync(cancellationToken);

    private void StartKeeper()
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false };
        foreach (var argument in (string[])["--fork", "/bin/sh", program.Keeper, LockFile, settings.Paths.EdgeLog, program.Executable, .. Arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The edge (process {Process}, {Old}) is being replaced by {New}.")]
    private partial void LogUpgrading(int process, string old, string @new);

    [LoggerMessage(Level = LogLevel.Information, Message = "The edge (process {Process}) runs with other settings and is being replaced.")]
    private partial void LogReconfiguring(int process);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The edge (process {Process}) cannot do its work ({Reason}). Another one takes over.")]
    private partial void LogReplacing(int process, string reason);
}

/// <param name="Executable">The path of <c>portico-edge</c>.</param>
/// <param name="Keeper">The path of <c>keep.sh</c>.</param>
internal sealed record EdgeProgram(string Executable, string Keeper);
