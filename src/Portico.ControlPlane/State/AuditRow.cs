namespace Portico.ControlPlane.State;

/// <summary>One change that somebody made, or tried to make. Never holds what was sent.</summary>
public sealed class AuditRow : IOwned
{
    /// <summary><c>aud-</c>: later ones sort later.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>As in Render's audit log where it has a name for it: <c>CreateServerEvent</c>.</summary>
    public required string Event { get; init; }

    public required string UserId { get; init; }

    /// <summary>As it was then.</summary>
    public required string UserEmail { get; init; }

    /// <summary>Null for the machine owner's key.</summary>
    public string? KeyId { get; init; }

    /// <summary>For example <c>PATCH</c>.</summary>
    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>What it was done to, where the path tells.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Of the answer.</summary>
    public required int Status { get; init; }
}
