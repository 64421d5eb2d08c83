using Portico.Core.Engines;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

internal enum RunPhase
{
    /// <summary>Nothing of the user's runs yet: may be done again from the start.</summary>
    Preparing,

    /// <summary>The command runs, or ran while no engine did.</summary>
    Executing,

    Over,
}

/// <summary>A build or job as it is written down.</summary>
internal sealed record RunRecord
{
    public required RunId Id { get; init; }

    public required string Owner { get; init; }

    /// <summary>What was asked for; dropped when it is over, because it holds secrets.</summary>
    public BuildRequest? Build { get; init; }

    public JobRequest? Job { get; init; }

    public required RunPhase Phase { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public WorkloadState? Workload { get; init; }

    /// <summary>How long it took until its command was started.</summary>
    public TimeSpan Preparation { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>How it ended.</summary>
    public RunState? Result { get; init; }

    public RunState State => Result ?? new RunState.Running(StartedAt);

    public bool IsBuild => Build is not null;

    public TimeSpan Timeout => Build?.Timeout ?? Job!.Timeout;
}
