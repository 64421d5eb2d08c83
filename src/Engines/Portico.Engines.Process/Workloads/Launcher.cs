using System.Globalization;
using System.Text;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Network;
using Portico.Engines.Process.Sandboxes;
using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>Starts workloads through <c>launch.sh</c>, which keeps running with them when the engine ends.</summary>
/// <param name="sandbox">Null if the machine allows none.</param>
internal sealed class Launcher(
    EngineHome home, Sandbox? sandbox, ControlGroups groups, PrivateNetwork network, int processLimit, ExitWatcher exits, WorkloadTools tools, TimeProvider time)
{
    /// <summary>The shell that runs every command line of a user, as on Render.</summary>
    public const string Shell = "/bin/bash";

    private const int SmallestUserLimit = 16384;

    /// <summary>Whether a workload has a network namespace, so that its ports are its own.</summary>
    public bool HasNetwork(NetworkMembership? membership) => network.Exists && membership is not null;

    /// <summary>Returns the state that the caller must save before <see cref="Start"/>.</summary>
    /// <exception cref="IOException">The private network has no free address.</exception>
    public WorkloadState Prepare(string directory, string name, int number, LaunchSpec spec)
    {
        var start = $"{name}.{number}";
        var place = network.Join(spec.Membership);
        try
        {
            return new WorkloadState(directory, number, $"{home.Tag}/{name}", GroupsFor(spec).Create(start, spec.Limits, processLimit))
            {
                Place = place,
                IsSandboxed = sandbox is not null,
                Scratch = sandbox is not null && (spec.LargeTemporary || IsCopied(spec)) ? start : null,
            };
        }
        catch
        {
            network.Leave(place);
            throw;
        }
    }

    public Workload Start(WorkloadState state, LaunchSpec spec)
    {
        var enter = MakeView(state, spec) ?? [Shell, home.EnterScript];
        string[] arguments = [home.Script, "start", .. state.Groups, "--", .. enter, .. ShellVariables.WithThoseOf(spec)];
        var pid = Spawn.Start(Shell, arguments, Settings(state, spec), spec.LogPath);
        return New(state, ProcessIdentity.OfChild(pid));
    }

    /// <summary>Returns a workload that an earlier engine started.</summary>
    public Workload Attach(WorkloadState state) => New(state, witness: null);

    /// <summary>Frees what <see cref="Prepare"/> took for a workload that could not be started.</summary>
    public void Abandon(WorkloadState state)
    {
        ControlGroups.Remove(state.Groups);
        network.Leave(state.Place);
    }

    private Workload New(WorkloadState state, ProcessIdentity? witness)
    {
        var workload = new Workload(
            state, witness, network, exits,
            token => state.Scratch is { } name ? ScratchDirectory.DeleteAsync(new ScratchDirectory(home, name).Directory, tools, token) : Task.CompletedTask,
            time);
        network.Attach(state.Place, workload);
        return workload;
    }

    private bool IsCopied(LaunchSpec spec) => sandbox is { Copies: true } && spec.View.Copied is not null;

    /// <summary>Creates what the sandbox needs at its start.</summary>
    /// <returns>The command that enters it; null if there is none.</returns>
    private IReadOnlyList<string>? MakeView(WorkloadState state, LaunchSpec spec)
    {
        if (sandbox is null)
            return null;
        var scratch = state.Scratch is { } name ? new ScratchDirectory(home, name) : null;
        if (IsCopied(spec))
            scratch!.MakeForCopy(spec.Account);
        if (spec.LargeTemporary)
            scratch!.MakeTemporary(spec.Account);
        var arguments = sandbox.ArgumentsFor(
            spec.View, spec.HostName, network.DirectoryOf(spec.Membership), state.Groups, scratch, spec.LargeTemporary ? null : Sandbox.TemporaryBytes(spec.Limits.MemoryBytes));
        DurableFile.WriteUnflushed(state.ViewFile, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(arguments.Select(argument => argument + '\0')))), DurableFile.Private);
        return sandbox.Enter;
    }

    private ControlGroups GroupsFor(LaunchSpec spec) => spec.Background && groups.Background is { } background ? background : groups;

    private List<string> Settings(WorkloadState state, LaunchSpec spec)
    {
        var exported = ShellVariables.Exported(spec.Environment).Append(new(ProcessTree.MarkerVariable, state.Marker)).ToList();
        // Asked here, because the script would start a program for each.
        string[] foreign = [.. spec.Owned.Where(directory => spec.Account.Numbers is { } numbers && Libc.OwnerOf(directory)?.User != numbers.User)];
        List<string> settings =
        [
            "PATH=/nonexistent",
            $"__portico_pid_file={state.PidFile}",
            $"__portico_exit_file={state.ExitFile}",
            $"__portico_directory={spec.Directory}",
            $"__portico_user={spec.Account.Numbers?.User.ToString(CultureInfo.InvariantCulture)}",
            $"__portico_group={spec.Account.Numbers?.Group.ToString(CultureInfo.InvariantCulture)}",
            $"__portico_owned={foreign.Length}",
            .. foreign.Select((directory, i) => $"__portico_owned_{i}={directory}"),
            $"__portico_view={(sandbox is null ? "" : state.ViewFile)}",
            $"__portico_seccomp={home.SystemCallFilter}",
            .. IsCopied(spec) ? CopySettings(state, spec) : [],
            $"__portico_processes={ProcessLimit()}",
            .. network.SettingsOf(state.Place),
            $"__portico_background={(spec.Background ? "yes" : "")}",
            $"__portico_count={exported.Count}",
            .. (spec.Disk?.Settings ?? []).Select(setting => $"{setting.Key}={setting.Value}"),
            $"__portico_secrets={spec.Secrets?.Names.Count ?? 0}",
            $"__portico_secrets_in={spec.Secrets?.Directory}",
            $"__portico_secrets_mounted={(spec.Secrets is { IsMounted: true } ? "yes" : "")}",
            .. (spec.Secrets?.Names ?? []).Select((name, i) => $"__portico_secret_{i}={name}"),
        ];
        settings.AddRange(exported.Select((variable, i) => $"__portico_env_{i}={ShellVariables.Assignment(variable)}"));
        settings.AddRange(ShellVariables.PassedThrough(spec.Environment).Select(ShellVariables.Assignment));
        return settings;
    }

    private string[] CopySettings(WorkloadState state, LaunchSpec spec) =>
    [
        $"__portico_home={home.Root}",
        $"__portico_lower={Path.GetRelativePath(home.Root, spec.View.Copied!)}",
        $"__portico_scratch={new ScratchDirectory(home, state.Scratch!).Relative}",
    ];

    /// <summary>
    /// A user's limit counts all processes of this user. It is therefore only used without control groups, and is generous: it
    /// stops a workload that forks endlessly.
    /// </summary>
    private string ProcessLimit() => groups.LimitsProcesses
        ? ""
        : Math.Max(4 * processLimit, SmallestUserLimit).ToString(CultureInfo.InvariantCulture);
}
