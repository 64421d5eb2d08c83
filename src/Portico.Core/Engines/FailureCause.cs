namespace Portico.Core.Engines;

/// <summary>What is known of a bad end beside its words. At most one of them holds.</summary>
public sealed record FailureCause
{
    /// <summary>0 where it ended by itself and should not have.</summary>
    public int? ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>How much it could have, where the engine was told; null: what its plan has.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>It was given this long.</summary>
    public TimeSpan? TimedOut { get; init; }

    public static FailureCause? OfExit(int? code) => code is null ? null : new FailureCause { ExitCode = code };

    public static FailureCause OfMemory(long? limit) => new() { OutOfMemory = true, MemoryLimitBytes = limit };

    public static FailureCause OfTime(TimeSpan given) => new() { TimedOut = given };
}
