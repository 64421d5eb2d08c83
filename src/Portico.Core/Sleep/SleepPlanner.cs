namespace Portico.Core.Sleep;

/// <summary>Decides when a service falls asleep and when waking it up is over. Pure.</summary>
/// <remarks>
/// <code>
/// awake → (no traffic for so long) → asleep → (a request) → waking → (an instance is ready, or there will be none) → awake
/// </code>
/// A request itself takes a service from asleep to waking: who is told of one does not wait for this.
/// </remarks>
/// <param name="quiet">How long nobody must have asked for it.</param>
/// <param name="patience">How long it may take to start.</param>
public sealed class SleepPlanner(TimeSpan quiet, TimeSpan patience)
{
    /// <summary>So many exits while it was to wake up, and it is not going to.</summary>
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
        world.Exits >= ExitsBeforeGivingUp || now - service.Since >= patience;
}

/// <summary>A service as it is stored.</summary>
public sealed record SleepingService
{
    public required SleepState State { get; init; }

    /// <summary>When it came into this state; null while it never left the first.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>It has a live deploy and is not suspended.</summary>
    public required bool Runs { get; init; }

    /// <summary>Its plan is one that sleeps.</summary>
    public required bool MaySleep { get; init; }

    /// <summary>When somebody asked for it last; null when nobody has looked yet.</summary>
    public DateTimeOffset? LastTraffic { get; init; }
}

/// <summary>What was seen of a service and its instances.</summary>
/// <param name="EdgeAnswers">Without the edge nobody knows of the newest traffic.</param>
/// <param name="Exits">Of its instances, the most that one place saw in a row.</param>
public sealed record SleepWorld(bool EdgeAnswers, bool DeployUnderWay, bool IsReady, int Exits);
