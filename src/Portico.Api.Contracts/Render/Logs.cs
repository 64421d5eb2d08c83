using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>One log line.</summary>
public sealed record Log
{
    public required string Id { get; init; }

    public required string Message { get; init; }

    /// <summary>RFC 3339 with nine fractional digits, which no time type can hold; unique for each line.</summary>
    public required string Timestamp { get; init; }

    public required IReadOnlyList<LogLabel> Labels { get; init; }
}

/// <param name="Name"><c>resource instance host statusCode method level type path</c>.</param>
public sealed record LogLabel(string Name, string Value);

/// <summary>A page of log lines, and the times to request for the next page.</summary>
public sealed record Logs
{
    /// <summary>There are more lines, or the search took too long and continues with the next page.</summary>
    public required bool HasMore { get; init; }

    public required string NextStartTime { get; init; }

    public required string NextEndTime { get; init; }

    [JsonPropertyName("logs")]
    public required IReadOnlyList<Log> Lines { get; init; }
}

[JsonSerializable(typeof(Logs))]
[JsonSerializable(typeof(Log))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
public sealed partial class LogsJson : JsonSerializerContext
{
    /// <summary>Writes quotes and letters of all languages as they are. What it writes must not become part of an HTML page.</summary>
    public static LogsJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
