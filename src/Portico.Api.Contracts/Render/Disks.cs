using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A service's disk.</summary>
public sealed record DiskDetails
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int SizeGB { get; init; }

    public required string MountPath { get; init; }

    public string? ServiceId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed record DiskWithCursor(DiskDetails Disk, string Cursor);

public sealed record DiskPost
{
    public required string Name { get; init; }

    public required int SizeGB { get; init; }

    public required string MountPath { get; init; }

    public required string ServiceId { get; init; }
}

public sealed record DiskPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    public Optional<int?> SizeGB { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> MountPath { get; init; }
}

[JsonSerializable(typeof(DiskDetails))]
[JsonSerializable(typeof(IReadOnlyList<DiskWithCursor>))]
[JsonSerializable(typeof(DiskPost))]
[JsonSerializable(typeof(DiskPatch))]
[JsonSerializable(typeof(int?))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class DisksJson : JsonSerializerContext;
