using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public sealed record AuditLogEntry
{
    public required string Id { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>For example <c>CreateServerEvent</c>.</summary>
    public required string Event { get; init; }

    /// <summary><c>success error</c>.</summary>
    public required string Status { get; init; }

    public required AuditLogActor Actor { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

public sealed record AuditLogActor
{
    /// <summary><c>user rest_api system</c>.</summary>
    public required string Type { get; init; }

    public string? Email { get; init; }

    public string? Id { get; init; }
}

public sealed record AuditLogWithCursor(AuditLogEntry AuditLog, string Cursor);

[JsonSerializable(typeof(IReadOnlyList<AuditLogWithCursor>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AuditLogsJson : JsonSerializerContext;
