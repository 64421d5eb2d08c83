namespace Portico.Core.Engines;

/// <summary>All instances at one moment. It is immutable: each change creates a new snapshot.</summary>
/// <param name="Version">A number that grows with every change.</param>
public sealed record EngineSnapshot(long Version, IReadOnlyList<InstanceSnapshot> Instances)
{
    public static EngineSnapshot Empty { get; } = new(0, []);
}

public sealed record InstanceSnapshot
{
    public required InstanceId Id { get; init; }

    public required RevisionId Revision { get; init; }

    public required string Owner { get; init; }

    public required InstanceStatus Status { get; init; }

    /// <summary>Where it accepts connections; null until that is known.</summary>
    public InstanceAddress? Address { get; init; }

    /// <summary>The id of its main process; null if it has none.</summary>
    public int? ProcessId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How often it was started again after an unexpected exit.</summary>
    public int Restarts { get; init; }

    /// <summary>While it is <see cref="InstanceStatus.BackingOff"/>: how long it waits after its exit; null if that is unknown.</summary>
    public TimeSpan? BackOff { get; init; }

    /// <summary>The newest unexpected exit.</summary>
    public InstanceExit? LastExit { get; init; }

    /// <summary>The newest health check while it is not ready; null if it is ready or has not been checked.</summary>
    public HealthReport? Health { get; init; }

    /// <summary>A warning for its owner, for example that it listens on localhost only.</summary>
    public string? Warning { get; init; }
}

public enum InstanceStatus
{
    /// <summary>It is running, but its health check has not passed yet.</summary>
    Starting,

    /// <summary>It is healthy and may receive requests.</summary>
    Ready,

    /// <summary>It was healthy and has failed its check for 15 s. It must not receive requests.</summary>
    Unhealthy,

    /// <summary>It has exited and will be started again after its back-off.</summary>
    BackingOff,

    /// <summary>It finishes its requests, must not receive new ones, and waits for <see cref="IEngine.ReleaseAsync"/>.</summary>
    Draining,

    /// <summary>It has received its stop signal and has not exited yet.</summary>
    Stopping,
}

/// <summary>The newest health check of an instance. It may be a few seconds old.</summary>
/// <param name="Asked">The check as text: <c>GET http://127.0.0.1:20001/healthz</c>, <c>a connection to 127.0.0.1:20001</c>.</param>
/// <param name="Answer">The result as text that follows the check: <c>answered with status 503</c>.</param>
/// <param name="Tries">The number of checks since the instance was started.</param>
public sealed record HealthReport(string Asked, string Answer, int Tries);

/// <param name="Host">An IP address or a name that the edge can reach.</param>
public sealed record InstanceAddress(string Host, int Port);

/// <param name="ExitCode">Null if a signal ended it or its end was not observed.</param>
/// <param name="Signal">Null if it exited by itself or its end was not observed.</param>
/// <param name="LastLines">The last lines of its log, oldest first, at most 20.</param>
public sealed record InstanceExit(
    DateTimeOffset At, int? ExitCode, int? Signal, bool OutOfMemory, IReadOnlyList<string> LastLines)
{
    public FailureCause? Cause => OutOfMemory ? FailureCause.OfMemory(limit: null) : FailureCause.OfExit(ExitCode);
}
