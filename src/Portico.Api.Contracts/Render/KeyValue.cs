using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A Key Value store; Render's <c>keyValue</c>, <c>keyValueDetail</c>, and <c>redis</c>, its older name.</summary>
public sealed record KeyValueDetail
{
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>creating available unavailable updating_instance suspended …</c>.</summary>
    public required string Status { get; init; }

    public required string Region { get; init; }

    /// <summary><c>free starter standard pro pro_plus custom</c>.</summary>
    public required string Plan { get; init; }

    public required string Name { get; init; }

    public required Owner Owner { get; init; }

    public required KeyValueOptions Options { get; init; }

    [JsonConverter(typeof(EmptyIsNullConverter<CidrBlockAndDescription>))]
    public required IReadOnlyList<CidrBlockAndDescription> IpAllowList { get; init; }

    public string? EnvironmentId { get; init; }

    public required string Version { get; init; }

    /// <summary>Set only in lists.</summary>
    public string? DashboardUrl { get; init; }
}

/// <param name="MaxmemoryPolicy"><c>allkeys_lru noeviction …</c>.</param>
/// <param name="PersistenceMode"><c>journal_snapshot snapshot off</c>.</param>
public sealed record KeyValueOptions(string MaxmemoryPolicy, string PersistenceMode);

public sealed record KeyValueWithCursor(KeyValueDetail KeyValue, string Cursor);

public sealed record KeyValuePostInput
{
    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    public required string Plan { get; init; }

    public string? Region { get; init; }

    public string? EnvironmentId { get; init; }

    public string? MaxmemoryPolicy { get; init; }

    public string? PersistenceMode { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }
}

public sealed record KeyValuePatchInput
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Plan { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> MaxmemoryPolicy { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> PersistenceMode { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<CidrBlockAndDescription>>))]
    public Optional<IReadOnlyList<CidrBlockAndDescription>> IpAllowList { get; init; }
}

/// <param name="CliCommand">A command that works without a shell: split at spaces, it is <c>NAME=value</c>, a program and its arguments.</param>
public sealed record KeyValueConnectionInfo(string InternalConnectionString, string ExternalConnectionString, string CliCommand);

[JsonSerializable(typeof(KeyValueDetail))]
[JsonSerializable(typeof(IReadOnlyList<KeyValueWithCursor>))]
[JsonSerializable(typeof(KeyValuePostInput))]
[JsonSerializable(typeof(KeyValuePatchInput))]
[JsonSerializable(typeof(KeyValueConnectionInfo))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class KeyValueJson : JsonSerializerContext;
