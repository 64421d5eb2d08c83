namespace Portico.ControlPlane.State;

/// <summary>An entry of the audit log: a change that a user made or tried to make. Request bodies are never stored.</summary>
internal sealed class AuditRow : IOwned
{
    /// <summary>An <c>aud-</c> id. Later ids sort later.</summary>
    public required string Id { get; init; }

    [NotOwned("The audit log tells of deleted workspaces too, until its entries are too old.")]
    public required string WorkspaceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The name of the event, as in Render's audit log if it has one: <c>CreateServerEvent</c>.</summary>
    public required string Event { get; init; }

    [NotOwned("The audit log tells of deleted users too.")]
    public required string UserId { get; init; }

    /// <summary>The user's email address at that time.</summary>
    public required string UserEmail { get; init; }

    /// <summary>The API key; null for the machine owner's key.</summary>
    [NotOwned("The audit log tells of deleted keys too.")]
    public string? KeyId { get; init; }

    /// <summary>The HTTP method, for example <c>PATCH</c>.</summary>
    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>The changed resource, if the path names one.</summary>
    [NotOwned("The audit log tells of deleted resources too.")]
    public string? ResourceId { get; init; }

    /// <summary>The status code of the response.</summary>
    public required int Status { get; init; }
}
