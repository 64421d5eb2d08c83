namespace Portico.Core.Engines;

/// <summary>Everything that runs, at one moment. A new value replaces it; it is never changed.</summary>
/// <param name="Version">Grows with every change.</param>
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

    /// <summary>Where it answers; null until it is known.</summary>
    public InstanceAddress? Address { get; init; }

    /// <summary>The main process where the engine has such a thing.</summary>
    public int? ProcessId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How often this instance's place was filled again after an exit that nobody asked for.</summary>
    public int Restarts { get; init; }

    /// <summary>The newest exit that nobody asked for.</summary>
    public InstanceExit? LastExit { get; init; }

    /// <summary>How it was asked whether it is well, while it is not ready; null when it was not asked yet, or is ready.</summary>
    public HealthReport? Health { get; init; }

    /// <summary>Something its owner should know, for example that it listens on localhost only.</summary>
    public string? Warning { get; init; }
}

public enum InstanceStatus
{
    /// <summary>Running, not yet healthy.</summary>
    Starting,

    /// <summary>Healthy: may take requests.</summary>
    Ready,

    /// <summary>Was healthy and has failed its check for 15 s: must take no requests.</summary>
    Unhealthy,

    /// <summary>Exited, to be started again after a growing pause.</summary>
    BackingOff,

    /// <summary>One too many: works on what it has, must take no new requests, and waits for <see cref="IEngine.ReleaseAsync"/>.</summary>
    Draining,

    /// <summary>Told to stop; finishing.</summary>
    Stopping,
}

/// <summary>What was tried to find out whether an instance is well. A few seconds old.</summary>
/// <param name="Asked">In words: <c>GET http://127.0.0.1:20001/healthz</c>, <c>a connection to 127.0.0.1:20001</c>.</param>
/// <param name="Answer">What came of it last, in words that follow those: <c>answered with status 503</c>.</param>
/// <param name="Tries">Since the instance was started, so many times.</param>
public sealed record HealthReport(string Asked, string Answer, int Tries);

/// <param name="Host">An IP address or a name that the edge can reach.</param>
public sealed record InstanceAddress(string Host, int Port);

/// <param name="ExitCode">Null when a signal ended it or nobody saw.</param>
/// <param name="Signal">Null when it exited by itself or nobody saw.</param>
/// <param name="LastLines">The end of its log, oldest first, at most 20 lines.</param>
public sealed record InstanceExit(
    DateTimeOffset At, int? ExitCode, int? Signal, bool OutOfMemory, IReadOnlyList<string> LastLines)
{
    public FailureCause? Cause => OutOfMemory ? FailureCause.OfMemory(limit: null) : FailureCause.OfExit(ExitCode);
}
