using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PlatformStatus))]
[JsonSerializable(typeof(ApplyBlueprint))]
[JsonSerializable(typeof(BlueprintResult))]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(ConnectionDetails))]
[JsonSerializable(typeof(EngineReport))]
[JsonSerializable(typeof(StopPlatform))]
public sealed partial class PlatformJson : JsonSerializerContext;
