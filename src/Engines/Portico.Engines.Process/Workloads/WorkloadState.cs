namespace Portico.Engines.Process.Workloads;

/// <summary>The state that is saved before a workload is started, so that a later engine finds the workload.</summary>
/// <param name="Directory">Where the workload writes its process id and exit status.</param>
/// <param name="Number">Counts the starts in this directory, so that a late file of an earlier start is not mistaken for a newer one.</param>
/// <param name="Marker">A value in the environment of all processes of the workload.</param>
/// <param name="Groups">The control group's directories.</param>
internal sealed record WorkloadState(string Directory, int Number, string Marker, IReadOnlyList<string> Groups)
{
    public string PidFile => Path.Combine(Directory, $"pid.{Number}");

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
