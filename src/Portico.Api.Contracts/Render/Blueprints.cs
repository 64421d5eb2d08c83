using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public record Blueprint
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>created paused in_sync syncing error</c>.</summary>
    public required string Status { get; init; }

    public required bool AutoSync { get; init; }

    /// <summary>The repository's URL; empty for a directory that is not in a repository.</summary>
    public required string Repo { get; init; }

    public required string Branch { get; init; }

    public required string Path { get; init; }

    public DateTimeOffset? LastSync { get; init; }
}

public sealed record BlueprintDetail : Blueprint
{
    public required IReadOnlyList<BlueprintResource> Resources { get; init; }
}

/// <param name="Type">For example <c>web_service</c>, <c>key_value</c>, <c>postgres</c>, <c>environment_group</c>.</param>
public sealed record BlueprintResource(string Id, string Name, string Type);

public sealed record BlueprintWithCursor(Blueprint Blueprint, string Cursor);

public sealed record BlueprintPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<bool>))]
    public Optional<bool> AutoSync { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Path { get; init; }
}

/// <summary>One run of applying a Blueprint.</summary>
public sealed record Sync
{
    public required string Id { get; init; }

    public required SyncCommit Commit { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary><c>created pending running error success</c>.</summary>
    public required string State { get; init; }
}

/// <param name="Id">The commit id; empty when the sync had none.</param>
public sealed record SyncCommit(string Id);

public sealed record SyncWithCursor(Sync Sync, string Cursor);

/// <summary>Response of <c>POST /blueprints/validate</c>.</summary>
public sealed record BlueprintValidation
{
    public required bool Valid { get; init; }

    public IReadOnlyList<BlueprintValidationError>? Errors { get; init; }

    public BlueprintPlanSummary? Plan { get; init; }
}

/// <param name="Line">Counted from 1; absent when the error is not about a line.</param>
public sealed record BlueprintValidationError(string Error, string? Path, int? Line, int? Column);

/// <summary>The names of the resources that a sync would create or change.</summary>
public sealed record BlueprintPlanSummary
{
    public required IReadOnlyList<string> Services { get; init; }

    public required IReadOnlyList<string> Databases { get; init; }

    public required IReadOnlyList<string> KeyValue { get; init; }

    public required IReadOnlyList<string> EnvGroups { get; init; }

    public required int TotalActions { get; init; }
}

[JsonSerializable(typeof(BlueprintDetail))]
[JsonSerializable(typeof(IReadOnlyList<BlueprintWithCursor>))]
[JsonSerializable(typeof(BlueprintPatch))]
[JsonSerializable(typeof(IReadOnlyList<SyncWithCursor>))]
[JsonSerializable(typeof(BlueprintValidation))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BlueprintsJson : JsonSerializerContext;
