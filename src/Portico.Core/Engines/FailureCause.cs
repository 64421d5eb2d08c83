namespace Portico.Core.Engines;

/// <summary>The cause of a failure in a form that code can read. At most one of its values is set.</summary>
public sealed record FailureCause
{
    /// <summary>The exit code; 0 if the process exited although it should have kept running.</summary>
    public int? ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>The memory limit that the engine was given; null for the limit of the plan.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>The time limit that was exceeded.</summary>
    public TimeSpan? TimedOut { get; init; }

    public static FailureCause? OfExit(int? code) => code is null ? null : new FailureCause { ExitCode = code };

    public static FailureCause OfMemory(long? limit) => new() { OutOfMemory = true, MemoryLimitBytes = limit };

    public static FailureCause OfTime(TimeSpan given) => new() { TimedOut = given };
}
