namespace Portico.Core.Deploys;

/// <summary>The parts of a deploy, in order.</summary>
public enum DeployPart
{
    /// <summary>It waits for its turn, and its source is fetched.</summary>
    Queue,
    Build,
    PreDeploy,

    /// <summary>New instances start, or a site is published, and requests go to them.</summary>
    Update,
}

public enum DeployPartState
{
    /// <summary>Not begun yet.</summary>
    Waiting,

    /// <summary>Never begun: it was not needed, or an earlier part ended the deploy.</summary>
    Skipped,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>When the parts of a deploy began and ended, as far as it is known.</summary>
public sealed record DeployTimes
{
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it left the queue.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? BuildStartedAt { get; init; }

    public DateTimeOffset? BuildEndedAt { get; init; }

    public DateTimeOffset? PreDeployStartedAt { get; init; }

    public DateTimeOffset? PreDeployEndedAt { get; init; }

    /// <summary>Whether the build or the pre-deploy command was under way when the deploy was canceled.</summary>
    public bool IsCanceledBeforeUpdate { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <param name="From">Null when it has not begun.</param>
/// <param name="To">Null when it has not ended.</param>
public sealed record DeployPartTimes(DeployPart Part, DeployPartState State, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Tells which part of a deploy took how long, and which one ended it. Pure.</summary>
public static class DeployTimeline
{
    /// <param name="hasPreDeploy">Whether the service has a pre-deploy command.</param>
    public static IReadOnlyList<DeployPartTimes> Of(DeployStatus status, DeployTimes times, bool hasPreDeploy)
    {
        ArgumentNullException.ThrowIfNull(times);
        List<(DeployPart Part, DateTimeOffset? From, DateTimeOffset? To)> parts =
        [
            (DeployPart.Queue, times.CreatedAt, times.StartedAt),
            (DeployPart.Build, times.BuildStartedAt, times.BuildEndedAt),
            (DeployPart.PreDeploy, times.PreDeployStartedAt, times.PreDeployEndedAt),
            (DeployPart.Update, UpdateFrom(status, times), null),
        ];
        if (!hasPreDeploy && times.PreDeployStartedAt is null)
            parts.RemoveAt((int)DeployPart.PreDeploy);
        var last = parts.FindLastIndex(part => part.From is not null);
        return [.. parts.Select((part, at) => at == last
            ? new DeployPartTimes(part.Part, StateOf(status), part.From, times.FinishedAt)
            : new DeployPartTimes(part.Part, part.From is not null ? DeployPartState.Succeeded : OfMissing(status, isBefore: at < last), part.From, part.To))];
    }

    private static DateTimeOffset? UpdateFrom(DeployStatus status, DeployTimes times)
    {
        var isReached = status is DeployStatus.UpdateInProgress or DeployStatus.Live or DeployStatus.Deactivated or DeployStatus.UpdateFailed
            || (status == DeployStatus.Canceled && !times.IsCanceledBeforeUpdate);
        return isReached ? times.PreDeployEndedAt ?? times.BuildEndedAt ?? times.StartedAt : null;
    }

    private static DeployPartState StateOf(DeployStatus status) => status switch
    {
        DeployStatus.Canceled => DeployPartState.Canceled,
        _ when status.IsFailed() => DeployPartState.Failed,
        _ when status.IsActive() => DeployPartState.Running,
        _ => DeployPartState.Succeeded,
    };

    private static DeployPartState OfMissing(DeployStatus status, bool isBefore) =>
        status.IsActive() && !isBefore ? DeployPartState.Waiting : DeployPartState.Skipped;
}
