using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public sealed record Project
{
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Name { get; init; }

    public required Owner Owner { get; init; }

    public required IReadOnlyList<string> EnvironmentIds { get; init; }
}

public sealed record ProjectWithCursor(Project Project, string Cursor);

public sealed record ProjectPost
{
    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    public required IReadOnlyList<NewEnvironment> Environments { get; init; }
}

/// <summary>An environment to create together with its project.</summary>
public sealed record NewEnvironment
{
    public required string Name { get; init; }

    /// <summary><c>unprotected protected</c>.</summary>
    public string? ProtectedStatus { get; init; }

    public bool? NetworkIsolationEnabled { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }
}

public sealed record ProjectPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }
}

/// <summary>An environment of a project.</summary>
public sealed record ProjectEnvironment
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ProjectId { get; init; }

    [JsonConverter(typeof(EmptyIsNullConverter<string>))]
    public required IReadOnlyList<string> DatabasesIds { get; init; }

    [JsonConverter(typeof(EmptyIsNullConverter<string>))]
    public required IReadOnlyList<string> RedisIds { get; init; }

    [JsonConverter(typeof(EmptyIsNullConverter<string>))]
    public required IReadOnlyList<string> ServiceIds { get; init; }

    [JsonConverter(typeof(EmptyIsNullConverter<string>))]
    public required IReadOnlyList<string> EnvGroupIds { get; init; }

    /// <summary><c>unprotected protected</c>.</summary>
    public required string ProtectedStatus { get; init; }

    public required bool NetworkIsolationEnabled { get; init; }

    public required IReadOnlyList<CidrBlockAndDescription> IpAllowList { get; init; }
}

public sealed record EnvironmentWithCursor(ProjectEnvironment Environment, string Cursor);

public sealed record EnvironmentPost
{
    public required string Name { get; init; }

    public required string ProjectId { get; init; }

    /// <summary><c>unprotected protected</c>.</summary>
    public string? ProtectedStatus { get; init; }

    public bool? NetworkIsolationEnabled { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }
}

public sealed record EnvironmentPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> ProtectedStatus { get; init; }

    [JsonConverter(typeof(OptionalConverter<bool>))]
    public Optional<bool> NetworkIsolationEnabled { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<CidrBlockAndDescription>>))]
    public Optional<IReadOnlyList<CidrBlockAndDescription>> IpAllowList { get; init; }
}

public sealed record EnvironmentResources(IReadOnlyList<string> ResourceIds);

[JsonSerializable(typeof(IReadOnlyList<ProjectWithCursor>))]
[JsonSerializable(typeof(ProjectPost))]
[JsonSerializable(typeof(ProjectPatch))]
[JsonSerializable(typeof(IReadOnlyList<EnvironmentWithCursor>))]
[JsonSerializable(typeof(EnvironmentPost))]
[JsonSerializable(typeof(EnvironmentPatch))]
[JsonSerializable(typeof(EnvironmentResources))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ProjectsJson : JsonSerializerContext;
