using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A login for an image registry, without the token.</summary>
public sealed record RegistryCredential
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>GITHUB GITLAB DOCKER GOOGLE_ARTIFACT AWS_ECR</c>.</summary>
    public required string Registry { get; init; }

    public required string Username { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed record RegistryCredentialPost(string Registry, string Name, string Username, string AuthToken, string OwnerId);

public sealed record RegistryCredentialPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Registry { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Username { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> AuthToken { get; init; }
}

[JsonSerializable(typeof(IReadOnlyList<RegistryCredential>))]
[JsonSerializable(typeof(RegistryCredentialPost))]
[JsonSerializable(typeof(RegistryCredentialPatch))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RegistryCredentialsJson : JsonSerializerContext;
