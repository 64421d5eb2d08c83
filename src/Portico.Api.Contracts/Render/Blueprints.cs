using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public record Blueprint
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>created paused in_sync syncing error</c>.</summary>
    public required string Status { get; init; }

    public required bool AutoSync { get; init; }

    /// <summary>Empty for a directory that is in no repository.</summary>
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

/// <param name="Id">Empty where the sync had none.</param>
public sealed record SyncCommit(string Id);

public sealed record SyncWithCursor(Sync Sync, string Cursor);

/// <summary>Answer of <c>POST /blueprints/validate</c>.</summary>
public sealed record BlueprintValidation
{
    public required bool Valid { get; init; }

    public IReadOnlyList<BlueprintValidationError>? Errors { get; init; }

    public BlueprintPlanSummary? Plan { get; init; }
}

/// <param name="Line">From 1; absent when it belongs to no line.</param>
public sealed record BlueprintValidationError(string Error, string? Path, int? Line, int? Column);

/// <summary>Names of what would be made or changed.</summary>
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
