using Portico.Engines.Process.Native;
using Portico.Engines.Process.Network;

namespace Portico.Engines.Process.Workloads;

/// <summary>The state that is saved before a workload is started, so that a later engine finds the workload.</summary>
/// <param name="Directory">Where the workload writes its process id and exit status.</param>
/// <param name="Number">Counts the starts in this directory, so that a late file of an earlier start is not mistaken for a newer one.</param>
/// <param name="Marker">A value in the environment of all processes of the workload.</param>
/// <param name="Groups">The control group's directories.</param>
internal sealed record WorkloadState(string Directory, int Number, string Marker, IReadOnlyList<string> Groups)
{
    /// <summary>Its place in the private network; null if there is none.</summary>
    public SandboxPlace? Place { get; init; }

    /// <summary>The name of its directory for what it writes outside of its home and disk; null if it has none.</summary>
    public string? Scratch { get; init; }

    /// <summary>Whether it runs in a sandbox, so that its main process is the one that stays outside.</summary>
    public bool IsSandboxed { get; init; }

    /// <summary>The arguments of the sandbox. They are needed only until it has started.</summary>
    public string ViewFile => Path.Combine(Directory, $"view.{Number}");

    public string PidFile => Path.Combine(Directory, $"pid.{Number}");

    /// <summary>Reads what the main process has written about itself; null if it has not.</summary>
    public (ProcStat Stat, string Boot)? ReadPid()
    {
        if (!File.Exists(PidFile))
            return null;
        var lines = File.ReadAllLines(PidFile);
        return lines.Length == 2 && ProcStat.Parse(lines[0]) is { } stat ? (stat, lines[1].Trim()) : null;
    }

    /// <summary>Returns the command itself; null if it does not run.</summary>
    public ProcessIdentity? FindCommand()
    {
        if (ReadPid() is not { } found)
            return null;
        var main = new ProcessIdentity(found.Stat.Pid, found.Stat.StartTime, found.Boot);
        var command = IsSandboxed ? SandboxProcesses.CommandOf(main) : main;
        return command?.IsAlive() is true ? command : null;
    }

    public string ExitFile => Path.Combine(Directory, $"exit.{Number}");
}

/// <summary>How a workload ended.</summary>
/// <param name="Seen">False if the end was not observed: neither code nor signal is known.</param>
internal sealed record WorkloadExit(bool Seen, int? Code, int? Signal, bool OutOfMemory)
{
    private const int SignalBase = 128, LastSignal = 64;

    public static WorkloadExit Unseen { get; } = new(Seen: false, null, null, OutOfMemory: false);

    /// <summary>Interprets a shell's exit status. A shell reports a signal as 128 plus its number.</summary>
    public static WorkloadExit FromStatus(int status, bool outOfMemory) =>
        status is > SignalBase and <= SignalBase + LastSignal
            ? new WorkloadExit(Seen: true, null, status - SignalBase, outOfMemory)
            : new WorkloadExit(Seen: true, status, null, outOfMemory);

    public override string ToString() => this switch
    {
        { OutOfMemory: true } => "used more memory than its plan allows and was killed",
        { Code: { } code } => $"exited with status {code}",
        { Signal: { } signal } => $"was ended by signal {signal}",
        _ => "ended while Portico was not watching",
    };
}
