using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Sandboxes;
using Portico.Engines.Process.Workloads;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Attached;

/// <summary>Runs commands in the sandboxes of instances and held jobs, with their input and output connected to a caller.</summary>
internal sealed partial class Attachments(EngineHome home, Fleet fleet, RunStore runs, LogStore logs, WorkloadPlan plan, bool isSandboxed, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The program that keeps a sandbox which runs nothing else.</summary>
    public const string Holder = "/usr/bin/sleep";

    private const string Perl = "/usr/bin/perl";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<string, AttachedCommand> _open = new();

    /// <summary>Why commands cannot be attached on this machine; null if they can.</summary>
    public static string? Restriction => !File.Exists(Perl)
        ? "Shells need Perl. Install it with `apt-get install perl-base`."
        : SystemCalls.Current is null ? "Shells do not work on this kind of processor." : null;

    /// <exception cref="AttachException">There is no such workload, or it does not run.</exception>
    public async Task<IAttachedCommand> OpenAsync(AttachRequest request, CancellationToken cancellationToken)
    {
        if (Restriction is { } restriction)
            throw new AttachException(restriction);
        var target = request.Run is { } run
            ? await HeldAsync(run, cancellationToken)
            : request.Instance is { } instance ? OfInstance(instance) : throw new ArgumentException("It names neither an instance nor a run.", nameof(request));
        var name = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var groups = ControlGroups.Attach(target.Workload.Groups, name);
        var spec = target.Spec with { Command = CommandOf(request) };
        var command = new AttachedCommand(Start(groups, ShellVariables.WithThoseOf(spec), Settings(target, spec, groups, name, request.Terminal)), () =>
        {
            _open.TryRemove(name, out _);
            ControlGroups.Remove([.. groups.Take(1)]);
        });
        _open[name] = command;
        return command;
    }

    /// <summary>Ends all attached commands.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_open.Values.Select(command => command.DisposeAsync().AsTask()));

    private Target OfInstance(InstanceId id)
    {
        if (fleet.Find(id) is not var (record, revision) || record.Workload?.FindCommand() is not { } command)
            throw new AttachException($"The instance '{id}' is not running.");
        var spec = plan.ForRevision(revision, revision.Command, id.Value, record.Port, record.LogPath, home.RevisionSecrets(revision.Id));
        return new Target(record.Workload, command, spec, IsHeld: false);
    }

    /// <summary>Waits until the sandbox of a job is ready.</summary>
    private async Task<Target> HeldAsync(RunId id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (runs.Find(id) is { HasEnded: false, Job: { IsHeld: true } job } record)
        {
            // Before it becomes the holder, this process prepares the sandbox.
            if (record.Workload?.FindCommand() is { } command && NameOf(command) == Path.GetFileName(Holder))
            {
                var spec = plan.ForRevision(job.Revision, job.Command, id.Value, port: null, logs.OfRun(id), home.RunSecrets(id));
                return new Target(record.Workload, command, spec, IsHeld: true);
            }
            if (time.GetElapsedTime(began) > Patience)
                break;
            await Task.Delay(Pause, time, cancellationToken);
        }
        throw new AttachException(runs.Get(id) is RunState.Failed failed ? failed.Reason : "The sandbox could not be started.");
    }

    private static IReadOnlyList<string> CommandOf(AttachRequest request) => request switch
    {
        // The shell of the workload finds the program, so that its PATH counts.
        { Program: { Count: > 0 } program } => [Launcher.Shell, "-c", "exec \"$@\"", "bash", .. program],
        { Line: { } line } => [Launcher.Shell, "-c", line],
        { Terminal: not null } => [Launcher.Shell, "-i"],
        // It reads its commands from its input, and prints no prompts.
        _ => [Launcher.Shell],
    };

    private OsProcess Start(IReadOnlyList<string> groups, IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo(Perl, [home.AttachScript, .. groups, "--", .. command])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        try
        {
            return OsProcess.Start(start)!;
        }
        catch (Win32Exception e)
        {
            ControlGroups.Remove([.. groups.Take(1)]);
            throw new AttachException($"The command could not be started: {e.Message}", e);
        }
    }

    private Dictionary<string, string> Settings(Target target, LaunchSpec spec, IReadOnlyList<string> groups, string name, TerminalRequest? terminal)
    {
        var variables = new Dictionary<string, string>(spec.Environment) { [ProcessTree.MarkerVariable] = target.Workload.Marker, ["PORTICO_ATTACHED"] = name };
        if (terminal is not null)
            variables["TERM"] = KindOfTerminal.IsMatch(terminal.Kind) ? terminal.Kind : "xterm";
        var settings = new Dictionary<string, string>
        {
            ["PATH"] = "/nonexistent",
            ["__portico_calls"] = SystemCalls.Current!.ToAttach,
            ["__portico_pid"] = Text(target.Command.Pid),
            ["__portico_started"] = Text(target.Command.StartTime),
            ["__portico_hold"] = target.IsHeld ? "yes" : "",
            ["__portico_group"] = groups.Count > 0 ? groups[0] : "",
            ["__portico_mark"] = name,
            ["__portico_directory"] = spec.Directory,
            ["__portico_filter"] = isSandboxed ? home.SystemCallFilter : "",
            ["__portico_user"] = spec.Account.Numbers is { } user ? Text(user.User) : "",
            ["__portico_account_group"] = spec.Account.Numbers is { } account ? Text(account.Group) : "",
            ["__portico_terminal"] = terminal is null ? "" : $"{Text(terminal.Size.Columns)} {Text(terminal.Size.Rows)}",
            ["__portico_count"] = Text(variables.Count),
        };
        foreach (var (variable, number) in variables.Select((variable, number) => (variable, number)))
            settings[$"__portico_env_{Text(number)}"] = ShellVariables.Assignment(variable);
        return settings;
    }

    private static string? NameOf(ProcessIdentity process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Pid}/comm").TrimEnd();
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Target(WorkloadState Workload, ProcessIdentity Command, LaunchSpec Spec, bool IsHeld);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\z")]
    private static partial Regex KindOfTerminal { get; }
}
