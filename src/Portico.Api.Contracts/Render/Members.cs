using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public sealed record TeamMember
{
    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary><c>active inactive</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>ADMIN DEVELOPER WORKSPACE_CONTRIBUTOR WORKSPACE_BILLING WORKSPACE_VIEWER</c>.</summary>
    public required string Role { get; init; }

    public required bool MfaEnabled { get; init; }
}

public sealed record TeamMemberPatch(string Role);

[JsonSerializable(typeof(IReadOnlyList<TeamMember>))]
[JsonSerializable(typeof(TeamMemberPatch))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MembersJson : JsonSerializerContext;
