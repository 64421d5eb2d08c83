using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>Responses of the deprecated <c>/redis</c> that differ from <c>/key-value</c>.</summary>
public sealed record RedisWithCursor(KeyValueDetail Redis, string Cursor);

public sealed record RedisConnectionInfo(
    string InternalConnectionString, string ExternalConnectionString, [property: JsonPropertyName("redisCLICommand")] string RedisCliCommand);

[JsonSerializable(typeof(IReadOnlyList<RedisWithCursor>))]
[JsonSerializable(typeof(RedisConnectionInfo))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RedisJson : JsonSerializerContext;
