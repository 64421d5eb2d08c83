using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>An env group, without its variables and files.</summary>
public record EnvGroupMeta
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required IReadOnlyList<EnvGroupLink> ServiceLinks { get; init; }

    public string? EnvironmentId { get; init; }
}

public sealed record EnvGroup : EnvGroupMeta
{
    public required IReadOnlyList<EnvVar> EnvVars { get; init; }

    public required IReadOnlyList<SecretFile> SecretFiles { get; init; }
}

/// <summary>A service that is linked to a group.</summary>
/// <param name="Type"><c>static web pserv worker cron</c>.</param>
public sealed record EnvGroupLink(string Id, string Name, string Type);

public sealed record EnvGroupPost
{
    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    public IReadOnlyList<EnvVarInput>? EnvVars { get; init; }

    public IReadOnlyList<SecretFileInput>? SecretFiles { get; init; }

    public IReadOnlyList<string>? ServiceIds { get; init; }

    public string? EnvironmentId { get; init; }
}

public sealed record EnvGroupPatch
{
    public required string Name { get; init; }
}

[JsonSerializable(typeof(IReadOnlyList<EnvGroupMeta>))]
[JsonSerializable(typeof(EnvGroup))]
[JsonSerializable(typeof(EnvGroupPost))]
[JsonSerializable(typeof(EnvGroupPatch))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class EnvGroupsJson : JsonSerializerContext;
