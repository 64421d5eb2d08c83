namespace Portico.Engines.Process.Workloads;

/// <summary>What must be written down before a workload is started, so that a later engine finds it.</summary>
/// <param name="Directory">Where it leaves its process id and exit status.</param>
/// <param name="Number">Counts the starts in this directory, so that a late word about an earlier one is not mistaken.</param>
/// <param name="Marker">In the environment of all its processes.</param>
/// <param name="Groups">The control group's directories.</param>
internal sealed record WorkloadState(string Directory, int Number, string Marker, IReadOnlyList<string> Groups)
{
    public string PidFile => Path.Combine(Directory, $"pid.{Number}");

    public string ExitFile => Path.Combine(Directory, $"exit.{Number}");
}

/// <summary>How a workload ended.</summary>
/// <param name="Seen">False when nobody saw: neither code nor signal is known.</param>
internal sealed record WorkloadExit(bool Seen, int? Code, int? Signal, bool OutOfMemory)
{
    private const int SignalBase = 128, LastSignal = 64;

    public static WorkloadExit Unseen { get; } = new(Seen: false, null, null, OutOfMemory: false);

    /// <summary>A shell reports the end by a signal as 128 and its number.</summary>
    public static WorkloadExit FromStatus(int status, bool outOfMemory) =>
        status is > SignalBase and <= SignalBase + LastSignal
            ? new WorkloadExit(Seen: true, null, status - SignalBase, outOfMemory)
            : new WorkloadExit(Seen: true, status, null, outOfMemory);

    public override string ToString() => this switch
    {
        { OutOfMemory: true } => "used more memory than its plan has and was killed",
        { Code: { } code } => $"exited with status {code}",
        { Signal: { } signal } => $"was ended by signal {signal}",
        _ => "ended while nobody watched",
    };
}
