using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

/// <summary>The custom domains of a service, and what DNS says about them: <c>GET /portico/v1/services/{serviceId}/domains</c>.</summary>
/// <param name="Host">The service's own host, which needs no DNS record.</param>
/// <param name="Url">The URL of that host.</param>
/// <param name="Note">What to know about the addresses to point names to; null if there is nothing.</param>
public sealed record ServiceDomains(string Host, string Url, IReadOnlyList<DomainState> Domains, string? Note);

/// <summary>A custom domain. Fields without a value are left out.</summary>
public sealed record DomainState
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    /// <summary>The domain that it redirects to; it was added as the counterpart of that domain.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RedirectsTo { get; init; }

    /// <summary>
    /// <c>served</c>; <c>not_found</c>: DNS has no address for it; <c>elsewhere</c>: its addresses are those of other machines; <c>found</c>: DNS leads here,
    /// and the next check makes it served.
    /// </summary>
    public required string State { get; init; }

    /// <summary>The state in words, and what to do.</summary>
    public required string Explanation { get; init; }

    /// <summary>The addresses that DNS has for it now; empty for one that is served, which is not looked up.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The records that lead it here, best first; one of them is enough. Empty for one that needs none.</summary>
    public required IReadOnlyList<DnsRecord> Records { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When DNS was first seen to lead it here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When DNS is checked again by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CheckAt { get; init; }
}

/// <param name="Type"><c>CNAME</c>, <c>A</c> or <c>AAAA</c>.</param>
public sealed record DnsRecord(string Type, string Name, string Value);
