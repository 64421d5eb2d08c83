using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A Postgres database; Render's <c>postgres</c> and <c>postgresDetail</c>.</summary>
public sealed record PostgresDetail
{
    public required string Id { get; init; }

    [JsonConverter(typeof(EmptyIsNullConverter<CidrBlockAndDescription>))]
    public required IReadOnlyList<CidrBlockAndDescription> IpAllowList { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string DashboardUrl { get; init; }

    public required string DatabaseName { get; init; }

    public required string DatabaseUser { get; init; }

    public string? EnvironmentId { get; init; }

    public required bool HighAvailabilityEnabled { get; init; }

    public required string Name { get; init; }

    public required Owner Owner { get; init; }

    /// <summary><c>free basic_256mb basic_1gb …</c>: the plan as in a Blueprint, with <c>_</c> instead of <c>-</c>.</summary>
    public required string Plan { get; init; }

    public int? DiskSizeGB { get; init; }

    /// <summary>Absent in lists.</summary>
    public IReadOnlyDictionary<string, string>? ParameterOverrides { get; init; }

    public required string Region { get; init; }

    public required IReadOnlyList<ReadReplica> ReadReplicas { get; init; }

    /// <summary><c>primary replica</c>.</summary>
    public required string Role { get; init; }

    /// <summary><c>creating available unavailable updating_instance suspended …</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The major version.</summary>
    public required string Version { get; init; }

    /// <summary><c>suspended not_suspended</c>.</summary>
    public required string Suspended { get; init; }

    public required IReadOnlyList<string> Suspenders { get; init; }

    public required bool DiskAutoscalingEnabled { get; init; }

    public required string ConnectionPool { get; init; }
}

public sealed record PostgresWithCursor(PostgresDetail Postgres, string Cursor);

public sealed record ReadReplica(string Id, string Name);

public sealed record ReadReplicaInput
{
    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string>? ParameterOverrides { get; init; }
}

public sealed record PostgresPostInput
{
    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    public required string Plan { get; init; }

    /// <summary>The major version; empty for the newest.</summary>
    public string? Version { get; init; }

    /// <summary>The name of the database; empty to generate one, as for the user.</summary>
    public string? DatabaseName { get; init; }

    public string? DatabaseUser { get; init; }

    public string? DatadogAPIKey { get; init; }

    public string? DatadogSite { get; init; }

    public bool? EnableHighAvailability { get; init; }

    public string? EnvironmentId { get; init; }

    public int? DiskSizeGB { get; init; }

    public bool? EnableDiskAutoscaling { get; init; }

    public string? ConnectionPool { get; init; }

    public string? Region { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }

    public IReadOnlyDictionary<string, string?>? ParameterOverrides { get; init; }

    public IReadOnlyList<ReadReplicaInput>? ReadReplicas { get; init; }
}

public sealed record PostgresPatchInput
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Plan { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    public Optional<int?> DiskSizeGB { get; init; }

    public bool? EnableDiskAutoscaling { get; init; }

    public string? ConnectionPool { get; init; }

    public bool? EnableHighAvailability { get; init; }

    public string? DatadogAPIKey { get; init; }

    public string? DatadogSite { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<CidrBlockAndDescription>>))]
    public Optional<IReadOnlyList<CidrBlockAndDescription>> IpAllowList { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyDictionary<string, string?>>))]
    public Optional<IReadOnlyDictionary<string, string?>> ParameterOverrides { get; init; }

    public IReadOnlyList<ReadReplicaInput>? ReadReplicas { get; init; }
}

public sealed record PostgresConnectionInfo
{
    public required string Password { get; init; }

    public required string InternalConnectionString { get; init; }

    public required string ExternalConnectionString { get; init; }

    public required string PsqlCommand { get; init; }
}

/// <param name="Default">Whether this is the user in the connection strings, which cannot be deleted.</param>
public sealed record PostgresCredential(string Username, bool Default, DateTimeOffset CreatedAt, int OpenConnections);

public sealed record CredentialCreateInput
{
    public required string Username { get; init; }
}

public sealed record PostgresParameterOverridesWrapper
{
    public required IReadOnlyDictionary<string, string?> ParameterOverrides { get; init; }
}

/// <param name="AffectedDatabases">The ids of the databases.</param>
public sealed record PostgresPutParameterOverridesResult(
    IReadOnlyList<string> AffectedDatabases, IReadOnlyDictionary<string, string> AppliedOverrides, bool RequiresRestart);

public sealed record PostgresAvailableParameterOverride(string Name, string Description, bool RequiresRestart)
{
    public IReadOnlyList<string>? Examples { get; init; }

    public double? MinValue { get; init; }

    public double? MaxValue { get; init; }
}

public sealed record PostgresAvailableParameterOverridesResult(
    IReadOnlyList<PostgresAvailableParameterOverride> AvailableParameterOverrides);

/// <param name="Duration">How long the current query has been running, in seconds.</param>
/// <param name="IsLeader">False for a parallel worker.</param>
public sealed record PostgresProcess(
    int Pid, string? DatabaseName, string? Username, string? ApplicationName, string? ClientAddr, DateTimeOffset? BackendStart,
    DateTimeOffset? QueryStart, string? State, string? WaitEvent, string? WaitEventType, string? Query, double? Duration, bool IsLeader);

public sealed record PostgresProcessesResult(IReadOnlyList<PostgresProcess> Processes);

/// <remarks>Render's names begin with a capital here.</remarks>
public sealed record PostgresSize(
    [property: JsonPropertyName("Database")] string Database, [property: JsonPropertyName("Schema")] string Schema,
    [property: JsonPropertyName("Table")] string Table, [property: JsonPropertyName("Index")] string Index,
    [property: JsonPropertyName("Bytes")] long Bytes);

public sealed record PostgresSizesResult(IReadOnlyList<PostgresSize> Sizes);

public sealed record PostgresTableScan(
    [property: JsonPropertyName("Database")] string Database, [property: JsonPropertyName("Schema")] string Schema,
    [property: JsonPropertyName("Table")] string Table, [property: JsonPropertyName("Scans")] long Scans);

public sealed record PostgresTableScansResult(IReadOnlyList<PostgresTableScan> TableScans);

/// <summary>Render's <c>postgresQueryStatistic</c>.</summary>
public sealed record PostgresQueryStatistic
{
    public required string QueryId { get; init; }

    public required string Query { get; init; }

    public required long Calls { get; init; }

    public required double TotalTimeMs { get; init; }

    public required double MinTimeMs { get; init; }

    public required double MaxTimeMs { get; init; }

    public required double MeanTimeMs { get; init; }

    public required double StddevTimeMs { get; init; }

    public required long Rows { get; init; }

    public required long SharedBlocksHit { get; init; }

    public required long SharedBlocksRead { get; init; }

    public required long SharedBlocksDirtied { get; init; }

    public required long SharedBlocksWritten { get; init; }

    public required long LocalBlocksHit { get; init; }

    public required long LocalBlocksRead { get; init; }

    public required long LocalBlocksDirtied { get; init; }

    public required long LocalBlocksWritten { get; init; }

    public required long TempBlocksRead { get; init; }

    public required long TempBlocksWritten { get; init; }
}

public sealed record PostgresTopQueriesResult(IReadOnlyList<PostgresQueryStatistic> TopQueries);

[JsonSerializable(typeof(PostgresDetail))]
[JsonSerializable(typeof(PostgresTopQueriesResult))]
[JsonSerializable(typeof(IReadOnlyList<PostgresWithCursor>))]
[JsonSerializable(typeof(PostgresPostInput))]
[JsonSerializable(typeof(PostgresPatchInput))]
[JsonSerializable(typeof(PostgresConnectionInfo))]
[JsonSerializable(typeof(IReadOnlyList<PostgresCredential>))]
[JsonSerializable(typeof(CredentialCreateInput))]
[JsonSerializable(typeof(PostgresParameterOverridesWrapper))]
[JsonSerializable(typeof(PostgresPutParameterOverridesResult))]
[JsonSerializable(typeof(PostgresAvailableParameterOverridesResult))]
[JsonSerializable(typeof(PostgresProcessesResult))]
[JsonSerializable(typeof(PostgresSizesResult))]
[JsonSerializable(typeof(PostgresTableScansResult))]
[JsonSerializable(typeof(int?))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PostgresJson : JsonSerializerContext;
