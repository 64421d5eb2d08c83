using System.Globalization;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Workloads;

/// <summary>Starts workloads through <c>launch.sh</c>, which keeps running with them when the engine ends.</summary>
internal sealed class Launcher(
    EngineHome home, Account account, ControlGroups groups, int processLimit, ExitWatcher exits, TimeProvider time)
{
    /// <summary>The shell that runs every command line of a user, as on Render.</summary>
    public const string Shell = "/bin/bash";

    private const int SmallestUserLimit = 16384;

    /// <summary>Returns the state that the caller must save before <see cref="Start"/>.</summary>
    public WorkloadState Prepare(string directory, string name, int number, LaunchSpec spec) => new(
        directory, number, $"{home.Tag}/{name}", GroupsFor(spec).Create($"{name}.{number}", spec.Limits, processLimit));

    public Workload Start(WorkloadState state, LaunchSpec spec)
    {
        string[] arguments = [home.Script, "start", .. state.Groups, "--", .. ShellVariables.WithThoseOf(spec)];
        var pid = Spawn.Start(Shell, arguments, Settings(state, spec), spec.LogPath);
        return new Workload(state, ProcessIdentity.OfChild(pid), exits, time);
    }

    /// <summary>Returns a workload that an earlier engine started.</summary>
    public Workload Attach(WorkloadState state) => new(state, witness: null, exits, time);

    private ControlGroups GroupsFor(LaunchSpec spec) => spec.Background && groups.Background is { } background ? background : groups;

    private List<string> Settings(WorkloadState state, LaunchSpec spec)
    {
        var exported = ShellVariables.Exported(spec.Environment).Append(new(ProcessTree.MarkerVariable, state.Marker)).ToList();
        List<string> settings =
        [
            "PATH=/nonexistent",
            $"__portico_pid_file={state.PidFile}",
            $"__portico_exit_file={state.ExitFile}",
            $"__portico_directory={spec.Directory}",
            $"__portico_user={account.Numbers?.User.ToString(CultureInfo.InvariantCulture)}",
            $"__portico_group={account.Numbers?.Group.ToString(CultureInfo.InvariantCulture)}",
            $"__portico_processes={ProcessLimit()}",
            $"__portico_background={(spec.Background ? "yes" : "")}",
            $"__portico_count={exported.Count}",
            $"__portico_mounts={spec.Mounts.Count}",
            .. spec.Mounts.Select((mount, i) => $"__portico_source_{i}={mount.Source}"),
            .. spec.Mounts.Select((mount, i) => $"__portico_target_{i}={mount.Target}"),
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

    /// <summary>
    /// A user's limit counts all processes of this user. It is therefore only used without control groups, and is generous: it
    /// stops a workload that forks endlessly.
    /// </summary>
    private string ProcessLimit() => groups.LimitsProcesses
        ? ""
        : Math.Max(4 * processLimit, SmallestUserLimit).ToString(CultureInfo.InvariantCulture);
}
