namespace Portico.Api.Contracts.Platform;

/// <summary>A deploy with what Render's API does not tell: <c>GET /portico/v1/deploys/{deployId}</c>.</summary>
public sealed record DeployDetails
{
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>Render's deploy statuses.</summary>
    public required string Status { get; init; }

    /// <summary>When it entered its status.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why there is this deploy, in a few words.</summary>
    public required string Reason { get; init; }

    /// <summary>The e-mail address of the user who asked for it; null if no user did.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>The full commit id; null for an image, or while it is unknown.</summary>
    public string? Commit { get; init; }

    /// <summary>The whole message of the commit.</summary>
    public string? CommitMessage { get; init; }

    public string? Branch { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Its parts, in order.</summary>
    public IReadOnlyList<DeployStepTimes> Steps { get; init; } = [];

    /// <summary>What it does or waits for now, in a few words; null when it has ended.</summary>
    public string? Phase { get; init; }

    /// <summary>The deploy that it rolls back to.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>The newer deploy that replaced it.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>Whether requests go to it now, or its jobs run now.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Why the service cannot be rolled back to it; null when it can.</summary>
    public string? RollbackRefusal { get; init; }

    /// <summary>Set when it has failed.</summary>
    public ResourceFailure? Failure { get; init; }
}

/// <param name="Name"><c>queue</c>, <c>build</c>, <c>pre_deploy</c> or <c>update</c>.</param>
/// <param name="State"><c>waiting</c>, <c>skipped</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>canceled</c>.</param>
/// <param name="From">Null when it has not begun.</param>
/// <param name="To">Null when it has not ended.</param>
public sealed record DeployStepTimes(string Name, string State, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>What differs between two deploys of a service: <c>GET /portico/v1/deploys/{deployId}/changes?since=…</c>.</summary>
/// <param name="Since">The deploy that it is compared with; null when no deploy was live before it.</param>
/// <param name="Commits">The commits that were deployed since, newest first; when the other deploy is newer, those that are taken back.</param>
public sealed record DeployChanges(
    DeployedCommit? Since, IReadOnlyList<DeployedCommit> Commits, IReadOnlyList<SettingChange> Settings, IReadOnlyList<NameChange> Variables,
    IReadOnlyList<NameChange> SecretFiles);

/// <param name="Message">The first line of the commit's message.</param>
public sealed record DeployedCommit(string DeployId, string? Commit, string? Message, DateTimeOffset CreatedAt);

/// <summary>A field of a service, in the words of <c>render.yaml</c>.</summary>
/// <param name="Before">Null when it was not set, or is secret.</param>
/// <param name="After">Null when it is not set, or is secret.</param>
public sealed record SettingChange(string Field, string? Before, string? After, bool IsSecret);

/// <summary>A variable or a secret file. Its value is not told.</summary>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
public sealed record NameChange(string Name, string Change);
