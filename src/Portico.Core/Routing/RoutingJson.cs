using System.Text.Json.Serialization;

namespace Portico.Core.Routing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RoutesSnapshot))]
[JsonSerializable(typeof(EdgeStatus))]
[JsonSerializable(typeof(SiteManifest))]
public sealed partial class RoutingJson : JsonSerializerContext;
