using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>The body of <c>POST /services/{id}/scale</c>.</summary>
public sealed record ScalePost(int NumInstances);

/// <summary>A running copy of a service.</summary>
public sealed record ServiceInstance(string Id, DateTimeOffset CreatedAt);

/// <param name="Type"><c>shared dedicated</c>.</param>
public sealed record OutboundIps(string Type, IReadOnlyList<string> Ips);

[JsonSerializable(typeof(CreateEphemeralShell))]
[JsonSerializable(typeof(EphemeralShell))]
[JsonSerializable(typeof(ScalePost))]
[JsonSerializable(typeof(AutoscalingConfig))]
[JsonSerializable(typeof(IReadOnlyList<ServiceInstance>))]
[JsonSerializable(typeof(OutboundIps))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class OperationsJson : JsonSerializerContext;
