using Portico.Core.Services;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.State;

public sealed class ServiceRow : IOwned, IPlaced
{
    /// <summary><c>srv-</c>, or <c>crn-</c> for a cron job.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    public required string Name { get; set; }

    /// <summary>Fixed at creation: the first label of its host.</summary>
    public required string Slug { get; init; }

    public required ServiceType Type { get; init; }

    public required ServiceSettings Settings { get; set; }

    /// <summary><c>dsk-</c>: of the disk in the settings; null when there is none. Another disk has another id.</summary>
    public string? DiskId { get; set; }

    public string? EnvironmentId { get; set; }

    /// <summary>Fixed at creation, for what listens.</summary>
    public int? InternalPort { get; init; }

    public bool Suspended { get; set; }

    public SleepState Sleep { get; set; }

    /// <summary>When it came into this state of sleep; null while it never left the first.</summary>
    public DateTimeOffset? SleepSince { get; set; }

    /// <summary>When somebody last asked for it, to about a fifteenth of the time after which it sleeps; only where it sleeps.</summary>
    public DateTimeOffset? LastTrafficAt { get; set; }

    /// <summary>How many instances autoscaling has decided on; it holds while autoscaling is on.</summary>
    public int? ScaledTo { get; set; }

    /// <summary>How many there were before autoscaling changed that; null once all that it asked for are there.</summary>
    public int? ScalingFrom { get; set; }

    /// <summary>The deploy that the routes lead to, and whose revision is kept running.</summary>
    public string? RoutedDeployId { get; set; }

    /// <summary>How often a restart of the routed deploy was asked for.</summary>
    public int RestartCount { get; set; }

    /// <summary>Of a cron job: when a run last ended well.</summary>
    public DateTimeOffset? LastSuccessfulRunAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody changed it last.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }

    /// <summary>To be called with every change that somebody asked for.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    public void Move(SleepState to, DateTimeOffset now)
    {
        (Sleep, SleepSince) = (to, now);
        Version++;
    }

    /// <summary>Has it started, if it sleeps.</summary>
    public void WakeUp(DateTimeOffset now)
    {
        if (Sleep != SleepState.Asleep)
            return;
        Move(SleepState.Waking, now);
        LastTrafficAt = now;
    }
}

/// <summary>What was on a disk that is deleted. Goes when nothing uses the disk any more, and the data with it.</summary>
/// <remarks>Written in the transaction that deletes the disk: nobody's data is removed for want of a row.</remarks>
public sealed class DiskRemovalRow
{
    /// <summary>The engine's name for the disk.</summary>
    public required string Volume { get; init; }

    public required string ServiceId { get; init; }

    public required DateTimeOffset At { get; init; }
}

public sealed class EnvVarRow
{
    /// <summary>A service or an env group.</summary>
    public required string OwnerId { get; init; }

    public required string Key { get; init; }

    public required EnvVarSource Source { get; set; }
}

/// <summary>A file that builds and instances of its owner find under <c>/etc/secrets</c>.</summary>
public sealed class SecretFileRow
{
    /// <summary>A service or an env group.</summary>
    public required string OwnerId { get; init; }

    public required string Name { get; init; }

    public required string Content { get; set; }
}

public sealed class EnvGroupRow : IOwned, IPlaced
{
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    public required string Name { get; set; }

    public string? EnvironmentId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody changed it, its variables, files or links last.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }

    /// <summary>To be called with every change that somebody asked for.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}

/// <summary>A service takes the variables of a group.</summary>
public sealed class EnvGroupLinkRow
{
    public required string ServiceId { get; init; }

    /// <summary>By name, so that a link may be written before its group.</summary>
    public required string GroupName { get; init; }

    /// <summary>A later one wins.</summary>
    public required int Position { get; set; }
}
