using Portico.Core.Engines;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

internal enum RunPhase
{
    /// <summary>No code of the user has run yet, so it can be repeated from the start.</summary>
    Preparing,

    /// <summary>The command is running, or ended while no engine was running.</summary>
    Executing,

    Over,
}

/// <summary>A build or job as it is saved on disk.</summary>
internal sealed record RunRecord
{
    public required RunId Id { get; init; }

    public required string Owner { get; init; }

    /// <summary>The request. It is removed when the run has ended, because it contains secrets.</summary>
    public BuildRequest? Build { get; init; }

    public JobRequest? Job { get; init; }

    public required RunPhase Phase { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public WorkloadState? Workload { get; init; }

    /// <summary>How long the preparation took, until the command was started.</summary>
    public TimeSpan Preparation { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>How it ended; null before that.</summary>
    public RunState? Result { get; init; }

    public bool HasEnded => Result is not null;

    public RunState State => Result ?? new RunState.Running(StartedAt);

    public bool IsBuild => Build is not null;

    /// <summary>The memory limit; null for none.</summary>
    public long? MemoryBytes => Build?.Limits.MemoryBytes ?? Job?.Revision.Limits.MemoryBytes;

    public TimeSpan Timeout => Build?.Timeout ?? Job!.Timeout;
}
