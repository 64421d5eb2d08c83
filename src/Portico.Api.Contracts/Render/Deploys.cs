using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>One attempt to put a version of a service live.</summary>
public sealed record Deploy
{
    public required string Id { get; init; }

    public DeployCommit? Commit { get; init; }

    /// <summary><c>created queued build_in_progress update_in_progress live deactivated build_failed update_failed canceled pre_deploy_in_progress pre_deploy_failed</c>.</summary>
    public string? Status { get; init; }

    /// <summary><c>api blueprint_sync deploy_hook deployed_by_render manual other new_commit rollback service_resumed service_updated</c>.</summary>
    public string? Trigger { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <param name="Id">The full commit id.</param>
public sealed record DeployCommit(string Id, string? Message, DateTimeOffset? CreatedAt);

public sealed record DeployWithCursor(Deploy Deploy, string Cursor);

/// <summary>The body of <c>POST /services/{id}/deploys</c>: every field is optional.</summary>
public sealed record DeployPost
{
    public string? ArtifactId { get; init; }

    /// <summary><c>clear do_not_clear</c>.</summary>
    public string? ClearCache { get; init; }

    public string? CommitId { get; init; }

    public string? ImageUrl { get; init; }

    /// <summary><c>deploy_only build_and_deploy</c>.</summary>
    public string? DeployMode { get; init; }
}

public sealed record RollbackPost(string DeployId);

[JsonSerializable(typeof(Deploy))]
[JsonSerializable(typeof(IReadOnlyList<DeployWithCursor>))]
[JsonSerializable(typeof(DeployPost))]
[JsonSerializable(typeof(RollbackPost))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class DeploysJson : JsonSerializerContext;
