namespace Portico.Api.Contracts.Platform;

/// <summary>Where a service's commits come from, and how others can trigger a deploy: <c>GET /portico/v1/services/{id}/source</c>.</summary>
public sealed record ServiceSource
{
    /// <summary>The repository's URL without secrets; null when the service has no repository of its own.</summary>
    public string? Repo { get; init; }

    /// <summary>The branch; null for the repository's default branch.</summary>
    public string? Branch { get; init; }

    /// <summary>A URL that deploys the service when it is called with GET or POST; <c>&amp;ref=COMMIT</c> names a commit.</summary>
    public required string DeployHookUrl { get; init; }

    /// <summary>The URL for webhooks of GitHub, GitLab, Bitbucket and Gitea, with <see cref="WebhookSecret"/>.</summary>
    public required string WebhookUrl { get; init; }

    public required string WebhookSecret { get; init; }

    /// <summary>The public part of the ssh key that reads the repository; null when there is none.</summary>
    public string? DeployKey { get; init; }

    /// <summary>The newest commit that was seen on the branch.</summary>
    public string? Commit { get; init; }

    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Why the branch cannot be followed now; null when it can.</summary>
    public string? Problem { get; init; }
}

public sealed record HookAnswer(string Message);

public sealed record DeployHookAnswer(DeployHookDeploy Deploy);

public sealed record DeployHookDeploy(string Id);
