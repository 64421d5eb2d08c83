namespace Portico.Api.Contracts.Platform;

/// <summary>Where a service's commits come from, and by what others have it deployed: <c>GET /portico/v1/services/{id}/source</c>.</summary>
public sealed record ServiceSource
{
    /// <summary>Without anything secret; null where the service has no repository of its own.</summary>
    public string? Repo { get; init; }

    /// <summary>Null: the repository's default branch.</summary>
    public string? Branch { get; init; }

    /// <summary>Whoever calls it, by GET or POST, has the service deployed; <c>&amp;ref=COMMIT</c> names a commit.</summary>
    public required string DeployHookUrl { get; init; }

    /// <summary>For the webhooks of GitHub, GitLab, Bitbucket and Gitea, with <see cref="WebhookSecret"/>.</summary>
    public required string WebhookUrl { get; init; }

    public required string WebhookSecret { get; init; }

    /// <summary>The public part of the key with which the repository is read by ssh; null where none was made.</summary>
    public string? DeployKey { get; init; }

    /// <summary>The commit that was last followed.</summary>
    public string? Commit { get; init; }

    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Why the branch cannot be followed just now; null when it can.</summary>
    public string? Problem { get; init; }
}

public sealed record HookAnswer(string Message);

public sealed record DeployHookAnswer(DeployHookDeploy Deploy);

public sealed record DeployHookDeploy(string Id);
