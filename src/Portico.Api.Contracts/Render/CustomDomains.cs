using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A user's host name that points to a service.</summary>
public sealed record CustomDomain
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>apex subdomain</c>.</summary>
    public required string DomainType { get; init; }

    public required string PublicSuffix { get; init; }

    /// <summary>The name that it redirects to; empty when it does not redirect.</summary>
    public required string RedirectForName { get; init; }

    /// <summary><c>verified unverified</c>.</summary>
    public required string VerificationStatus { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public CustomDomainServer? Server { get; init; }
}

/// <summary>The service that serves the domain.</summary>
public sealed record CustomDomainServer(string Id, string Name);

public sealed record CustomDomainWithCursor(CustomDomain CustomDomain, string Cursor);

public sealed record CustomDomainPost
{
    public required string Name { get; init; }
}

[JsonSerializable(typeof(CustomDomain))]
[JsonSerializable(typeof(IReadOnlyList<CustomDomain>))]
[JsonSerializable(typeof(IReadOnlyList<CustomDomainWithCursor>))]
[JsonSerializable(typeof(CustomDomainPost))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CustomDomainsJson : JsonSerializerContext;
