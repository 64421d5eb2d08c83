using System.Text.Json.Serialization;

namespace Portico.Core.Routing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RoutesSnapshot))]
[JsonSerializable(typeof(EdgeStatus))]
[JsonSerializable(typeof(EdgeWakes))]
[JsonSerializable(typeof(SiteManifest))]
[JsonSerializable(typeof(RequestRecord))]
[JsonSerializable(typeof(TrafficRecord))]
public sealed partial class RoutingJson : JsonSerializerContext;
