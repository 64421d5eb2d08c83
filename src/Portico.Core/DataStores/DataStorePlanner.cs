using Portico.Core.Engines;

namespace Portico.Core.DataStores;

public enum DataStoreStatus
{
    Creating,
    Available,
    Unavailable,

    /// <summary>It could not be prepared. Applying the Blueprint again retries.</summary>
    Failed,

    /// <summary>A change of settings, a restart or a resume was requested and is in progress.</summary>
    Updating,

    /// <summary>Its owner suspended it; its data is kept.</summary>
    Suspended,
}

public static class DataStoreStatuses
{
    private static readonly Dictionary<DataStoreStatus, DataStoreStatus[]> Moves = new()
    {
        [DataStoreStatus.Creating] = [DataStoreStatus.Available, DataStoreStatus.Failed, DataStoreStatus.Suspended],
        [DataStoreStatus.Available] = [DataStoreStatus.Unavailable, DataStoreStatus.Updating, DataStoreStatus.Suspended],
        [DataStoreStatus.Unavailable] = [DataStoreStatus.Available, DataStoreStatus.Updating, DataStoreStatus.Suspended],
        [DataStoreStatus.Failed] = [DataStoreStatus.Creating, DataStoreStatus.Suspended],
        [DataStoreStatus.Updating] =
            [DataStoreStatus.Available, DataStoreStatus.Unavailable, DataStoreStatus.Failed, DataStoreStatus.Updating, DataStoreStatus.Suspended],
        [DataStoreStatus.Suspended] = [DataStoreStatus.Creating, DataStoreStatus.Updating],
    };

    /// <exception cref="InvalidOperationException">The table has no such transition.</exception>
    public static void RequireMove(DataStoreStatus from, DataStoreStatus to)
    {
        if (!Moves[from].Contains(to))
            throw new InvalidOperationException($"A data store cannot change from {from.Name()} to {to.Name()}.");
    }

    /// <summary>Returns the name in Render's API.</summary>
    public static string Name(this DataStoreStatus status) => status switch
    {
        DataStoreStatus.Creating => "creating",
        DataStoreStatus.Available => "available",
        DataStoreStatus.Unavailable => "unavailable",
        DataStoreStatus.Failed => "failed",
        DataStoreStatus.Updating => "updating_instance",
        DataStoreStatus.Suspended => "suspended",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}

/// <summary>What the planner observes around a data store, at this moment.</summary>
public sealed record DataStoreWorld
{
    public bool NeedsInitialization { get; init; }

    /// <summary>Whether the initialization has succeeded once. This is stored, because the engine may forget it.</summary>
    public bool Initialized { get; init; }

    public RunState Initialization { get; init; } = new RunState.Absent();

    /// <summary>Whether the engine was asked to run the revision since it and this server started.</summary>
    public bool Ensured { get; init; }

    public InstanceSnapshot? Instance { get; init; }

    /// <summary>Whether roles and databases match the current specification.</summary>
    public bool Configured { get; init; }

    /// <summary>Whether the state still contains users to drop.</summary>
    public bool RemembersDroppedUsers { get; init; }
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
    ForgetDroppedUsers,
}

/// <summary>Decides what a data store does next. Pure.</summary>
/// <remarks><code>initialize (once) → ensure → port accepts → configure → available ⇄ unavailable, updating, suspended</code></remarks>
public static class DataStorePlanner
{
    public const int ExitsBeforeGivingUp = 5;

    public static DataStoreStep Next(DataStoreStatus status, DataStoreWorld world) => status switch
    {
        DataStoreStatus.Failed => new DataStoreStep.Wait("failed"),
        DataStoreStatus.Suspended => new DataStoreStep.Wait("suspended"),
        _ when world is { NeedsInitialization: true, Initialized: false } => Initialize(world),
        _ when !world.Ensured => new DataStoreStep.Act(DataStoreAction.EnsureRevision),
        _ when world.Instance?.Status != InstanceStatus.Ready => NotReady(status, world.Instance),
        _ when !world.Configured => new DataStoreStep.Act(DataStoreAction.Configure),
        // Forget the users only after they were dropped: otherwise, after a crash, they could still log in.
        _ when world.RemembersDroppedUsers => new DataStoreStep.Act(DataStoreAction.ForgetDroppedUsers),
        DataStoreStatus.Available => new DataStoreStep.Wait("available"),
        _ => new DataStoreStep.Move(DataStoreStatus.Available),
    };

    private static DataStoreStep Initialize(DataStoreWorld world) => world.Initialization switch
    {
        // Initialization is repeatable, so run it again when its result is unknown, or when Portico was stopped meanwhile.
        RunState.Absent or RunState.Unknown or RunState.Failed { IsCanceled: true } => new DataStoreStep.Act(DataStoreAction.StartInitialization),
        RunState.Failed failed => new DataStoreStep.Fail("initialization", failed.Reason),
        RunState.Succeeded => new DataStoreStep.Act(DataStoreAction.RecordInitialized),
        _ => new DataStoreStep.Wait("initializing"),
    };

    private static DataStoreStep NotReady(DataStoreStatus status, InstanceSnapshot? instance)
    {
        if (status == DataStoreStatus.Available)
            return new DataStoreStep.Move(DataStoreStatus.Unavailable);
        if (status == DataStoreStatus.Updating && instance is { Restarts: >= ExitsBeforeGivingUp, LastExit: not null })
            return new DataStoreStep.Move(DataStoreStatus.Unavailable);
        if (status == DataStoreStatus.Creating && instance is { Restarts: >= ExitsBeforeGivingUp, LastExit: not null })
            return new DataStoreStep.Fail("start", $"The process exited {instance.Restarts} times before it accepted connections.");
        return new DataStoreStep.Wait(status == DataStoreStatus.Unavailable ? "recovering" : "starting");
    }
}
