namespace Portico.Api.Contracts.Platform;

/// <summary>The whole platform at one moment: <c>GET /portico/v1/status</c>.</summary>
public sealed record PlatformStatus
{
    public required string Version { get; init; }

    public required int ServerProcessId { get; init; }

    /// <summary>Null while the edge is not running.</summary>
    public int? EdgeProcessId { get; init; }

    /// <summary>Why the edge does not run, or which of its hosts and ports it cannot serve, for people; null when there is no problem.</summary>
    public string? EdgeProblem { get; init; }

    /// <summary>Whether the edge serves requests. If there is a problem too, it is about some of them.</summary>
    public bool EdgeServes { get; init; }

    /// <summary>Whether the edge runs this server's program with its settings, and serves its newest routes.</summary>
    public bool IsEdgeCurrent { get; init; }

    public required int HttpPort { get; init; }

    public required IReadOnlyList<ResourceStatus> Resources { get; init; }

    /// <summary>What the last syncs of Blueprints left out.</summary>
    public IReadOnlyList<SkippedResource> Skipped { get; init; } = [];
}

/// <summary>A service or data store that a Blueprint declares and that was not applied.</summary>
/// <param name="Kind"><c>service</c>, <c>postgres</c> or <c>key_value</c>.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="File">The Blueprint that declares it.</param>
public sealed record SkippedResource(string Kind, string Name, string Reason, string File);

/// <summary>A service or data store, with the progress of its newest deploy.</summary>
public sealed record ResourceStatus
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>One of <c>static_site web_service private_service background_worker cron_job postgres key_value</c>.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// Services: <c>not_deployed deploying live asleep waking unhealthy failed suspended</c> (failed: the newest deploy failed and nothing
    /// is live; a failed deploy over a live one is <c>live</c>, and the deploy's own status shows the failure).
    /// Data stores: <c>creating available unavailable failed</c>.
    /// </summary>
    public required string Status { get; init; }

    public string? Url { get; init; }

    /// <summary><c>host:port</c> inside the platform.</summary>
    public string? InternalAddress { get; init; }

    /// <summary>The newest deploy; null for a data store.</summary>
    public DeploySummary? Deploy { get; init; }

    public required IReadOnlyList<InstanceSummary> Instances { get; init; }

    /// <summary>Whether a service has a disk: only one instance at a time can use it, so a restart or deploy has a gap.</summary>
    public bool HasDisk { get; init; }

    /// <summary>The current activity, for a progress display; null when there is none.</summary>
    public ResourceProgress? Progress { get; init; }

    /// <summary>Set when the newest deploy, or the data store itself, has failed.</summary>
    public ResourceFailure? Failure { get; init; }

    /// <summary>Warnings for the owner, for example that an app listens on localhost only.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <param name="Status">Render's deploy statuses.</param>
/// <param name="Commit">A full commit id; null for an image.</param>
public sealed record DeploySummary(
    string Id, string Status, string? Commit, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

/// <param name="Pid">The id of the main process, if the engine has one.</param>
/// <param name="Status"><c>starting ready unhealthy backing_off stopping</c>.</param>
public sealed record InstanceSummary(string Id, int? Pid, string Status);

/// <param name="Phase">A few words: <c>waiting for guestbook-db</c>, <c>building</c>, <c>starting</c>.</param>
/// <param name="LastLogLine">The last log line of the build or instance that the deploy waits for.</param>
public sealed record ResourceProgress(string Phase, DateTimeOffset Since, string? LastLogLine);

/// <param name="Step"><c>build</c>, <c>pre-deploy command</c>, <c>publish</c>, <c>start</c>, <c>health check</c>, <c>initialization</c>.</param>
/// <param name="Hint">What to try next; null when there is no better advice than the message.</param>
public sealed record ResourceFailure(string Step, string Message, IReadOnlyList<string> LastLines, string? Hint);
