namespace Portico.Core.Sleep;

/// <summary>Decides when a service falls asleep and when waking it is done. Pure.</summary>
/// <remarks>
/// <code>
/// awake → (no traffic) → asleep → (a request) → waking → (an instance is ready, or there will be none) → awake
/// </code>
/// A request moves a service from asleep to waking directly, without this planner.
/// </remarks>
/// <param name="quiet">How long a service must be without traffic before it sleeps.</param>
/// <param name="startTimeout">How long a service may take to wake.</param>
public sealed class SleepPlanner(TimeSpan quiet, TimeSpan startTimeout)
{
    /// <summary>After this many exits while waking, the service counts as failed.</summary>
    public const int ExitsBeforeGivingUp = 3;

    /// <returns>The state to move to; null to stay.</returns>
    public SleepState? Next(SleepingService service, SleepWorld world, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(world);
        if (!service.Runs)
            return service.State == SleepState.Awake ? null : SleepState.Awake;
        return service.State switch
        {
            SleepState.Awake when service.MaySleep && !world.DeployUnderWay && IsQuiet(service, world, now) => SleepState.Asleep,
            SleepState.Asleep when !service.MaySleep => SleepState.Waking,
            SleepState.Waking when world.IsReady || IsHopeless(service, world, now) => SleepState.Awake,
            _ => null,
        };
    }

    private bool IsQuiet(SleepingService service, SleepWorld world, DateTimeOffset now) =>
        world.EdgeAnswers && service.LastTraffic is { } last && now - last >= quiet;

    private bool IsHopeless(SleepingService service, SleepWorld world, DateTimeOffset now) =>
        world.Exits >= ExitsBeforeGivingUp || now - service.Since >= startTimeout;
}

/// <summary>The stored state of a service.</summary>
public sealed record SleepingService
{
    public required SleepState State { get; init; }

    /// <summary>When it entered this state; null when it never changed state.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether it has a live deploy and is not suspended.</summary>
    public required bool Runs { get; init; }

    /// <summary>Whether its plan allows sleep.</summary>
    public required bool MaySleep { get; init; }

    /// <summary>The time of the last request; null when it is unknown.</summary>
    public DateTimeOffset? LastTraffic { get; init; }
}

/// <summary>What the planner observes of a service and its instances.</summary>
/// <param name="EdgeAnswers">Whether the edge responds; without it, the newest traffic is unknown.</param>
/// <param name="Exits">The maximum number of consecutive exits of one instance.</param>
public sealed record SleepWorld(bool EdgeAnswers, bool DeployUnderWay, bool IsReady, int Exits);
