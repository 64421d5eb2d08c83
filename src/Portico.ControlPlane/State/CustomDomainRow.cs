
namespace Portico.ControlPlane.State;

/// <summary>A custom domain of a service. Names are unique on the platform, because a host leads to one service.</summary>
internal sealed class CustomDomainRow : IOwned
{
    /// <summary><c>cdm-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    /// <summary>The name in lower case, in its ASCII form. It may begin with <c>*.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The domain that this one redirects to; set if it was added as the counterpart of that domain.</summary>
    public string? RedirectForName { get; set; }

    /// <summary>When DNS was first seen to point here; null until then, and requests are not served.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>When to check DNS again. A requested verification sets it to now.</summary>
    public required DateTimeOffset CheckAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Version { get; set; }

    public bool IsWildcard => Name.StartsWith("*.", StringComparison.Ordinal);
}
