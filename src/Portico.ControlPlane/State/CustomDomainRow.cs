
namespace Portico.ControlPlane.State;

/// <summary>A host name of its owner's that leads to a service. Unique on the platform: a host leads to one place.</summary>
public sealed class CustomDomainRow : IOwned
{
    /// <summary><c>cdm-</c>.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    public required string ServiceId { get; init; }

    /// <summary>Lower case, in its ASCII form; may begin with <c>*.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Set where the name was added beside another one, to which it redirects.</summary>
    public string? RedirectForName { get; set; }

    /// <summary>When DNS was first seen to lead here. Null: requests are not served.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>When to ask DNS again; asking for a verification sets it to now.</summary>
    public required DateTimeOffset CheckAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Version { get; set; }

    public bool IsWildcard => Name.StartsWith("*.", StringComparison.Ordinal);
}
