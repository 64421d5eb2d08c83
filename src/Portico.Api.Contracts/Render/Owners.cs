using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A workspace.</summary>
public sealed record Owner
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }

    public bool? TwoFactorAuthEnabled { get; init; }

    /// <summary><c>user team</c>.</summary>
    public required string Type { get; init; }
}

public sealed record OwnerWithCursor(Owner Owner, string Cursor);

public sealed record User(string Email, string Name);

/// <param name="CidrBlock">A network, for example <c>10.0.0.0/8</c>.</param>
public sealed record CidrBlockAndDescription(string CidrBlock, string Description);

[JsonSerializable(typeof(Owner))]
[JsonSerializable(typeof(IReadOnlyList<OwnerWithCursor>))]
[JsonSerializable(typeof(User))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class OwnersJson : JsonSerializerContext;
