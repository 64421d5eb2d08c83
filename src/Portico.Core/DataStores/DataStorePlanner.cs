using Portico.Core.Engines;

namespace Portico.Core.DataStores;

public enum DataStoreStatus
{
    Creating,
    Available,
    Unavailable,

    /// <summary>It could not be prepared; applying again tries again.</summary>
    Failed,
}

public static class DataStoreStatuses
{
    private static readonly Dictionary<DataStoreStatus, DataStoreStatus[]> Moves = new()
    {
        [DataStoreStatus.Creating] = [DataStoreStatus.Available, DataStoreStatus.Failed],
        [DataStoreStatus.Available] = [DataStoreStatus.Unavailable],
        [DataStoreStatus.Unavailable] = [DataStoreStatus.Available],
        [DataStoreStatus.Failed] = [DataStoreStatus.Creating],
    };

    /// <exception cref="InvalidOperationException">The table has no such move.</exception>
    public static void RequireMove(DataStoreStatus from, DataStoreStatus to)
    {
        if (!Moves[from].Contains(to))
            throw new InvalidOperationException($"A data store cannot go from {from.Name()} to {to.Name()}.");
    }

    /// <summary>The name on the wire.</summary>
    public static string Name(this DataStoreStatus status) => status switch
    {
        DataStoreStatus.Creating => "creating",
        DataStoreStatus.Available => "available",
        DataStoreStatus.Unavailable => "unavailable",
        DataStoreStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}

/// <summary>The world around a data store, looked at just now.</summary>
public sealed record DataStoreWorld
{
    public bool NeedsInitialization { get; init; }

    /// <summary>The initialization has succeeded once; stored, since the engine may forget.</summary>
    public bool Initialized { get; init; }

    public RunState Initialization { get; init; } = new RunState.Absent();

    /// <summary>The engine has been asked, since it and this server started, to run the revision.</summary>
    public bool Ensured { get; init; }

    public InstanceSnapshot? Instance { get; init; }

    /// <summary>Roles and databases are known to be right for the current specification.</summary>
    public bool Configured { get; init; }
}

public abstract record DataStoreStep
{
    private DataStoreStep() { }

    public sealed record Wait(string Phase) : DataStoreStep;

    public sealed record Act(DataStoreAction Action) : DataStoreStep;

    public sealed record Move(DataStoreStatus To) : DataStoreStep;

    public sealed record Fail(string Step, string Message) : DataStoreStep;
}

public enum DataStoreAction
{
    StartInitialization,
    RecordInitialized,
    EnsureRevision,
    Configure,
}

/// <summary>Decides what a data store does next. Pure.</summary>
/// <remarks><code>initialize (once) → ensure → port accepts → configure → available ⇄ unavailable</code></remarks>
public static class DataStorePlanner
{
    public const int ExitsBeforeGivingUp = 5;

    public static DataStoreStep Next(DataStoreStatus status, DataStoreWorld world) => status switch
    {
        DataStoreStatus.Failed => new DataStoreStep.Wait("failed"),
        _ when world is { NeedsInitialization: true, Initialized: false } => Initialize(world),
        _ when !world.Ensured => new DataStoreStep.Act(DataStoreAction.EnsureRevision),
        _ when world.Instance?.Status != InstanceStatus.Ready => NotReady(status, world.Instance),
        _ when !world.Configured => new DataStoreStep.Act(DataStoreAction.Configure),
        DataStoreStatus.Available => new DataStoreStep.Wait("available"),
        _ => new DataStoreStep.Move(DataStoreStatus.Available),
    };

    private static DataStoreStep Initialize(DataStoreWorld world) => world.Initialization switch
    {
        // Initialization is repeatable, so one that nobody saw end is simply run again.
        RunState.Absent or RunState.Unknown => new DataStoreStep.Act(DataStoreAction.StartInitialization),
        RunState.Failed failed => new DataStoreStep.Fail("initialization", failed.Reason),
        RunState.Succeeded => new DataStoreStep.Act(DataStoreAction.RecordInitialized),
        _ => new DataStoreStep.Wait("initializing"),
    };

    private static DataStoreStep NotReady(DataStoreStatus status, InstanceSnapshot? instance)
    {
        if (status == DataStoreStatus.Available)
            return new DataStoreStep.Move(DataStoreStatus.Unavailable);
        if (status == DataStoreStatus.Creating && instance is { Restarts: >= ExitsBeforeGivingUp, LastExit: not null })
            return new DataStoreStep.Fail("start", $"It exited {instance.Restarts} times before it accepted connections.");
        return new DataStoreStep.Wait(status == DataStoreStatus.Unavailable ? "recovering" : "starting");
    }
}
