namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>POST /portico/v1/sessions</c>: signs a browser in. Exactly one of the two is given.</summary>
/// <param name="Code">The code of a sign-in link, which works once.</param>
/// <param name="ApiKey">An API key. The session ends when it is revoked.</param>
public sealed record CreateSession(string? Code = null, string? ApiKey = null);

/// <param name="Secret">The page's half of the session, which goes into the header <c>X-Portico-Session</c>. The other half is a cookie.</param>
public sealed record CreatedSession(string Id, string Secret);

/// <param name="Url">The link. It works once, and is shown only once.</param>
public sealed record CreatedLoginLink(string Url, DateTimeOffset ExpiresAt);

/// <summary>Who is signed in, and what they may do: <c>GET /portico/v1/sessions/current</c>.</summary>
public sealed record CurrentSession
{
    /// <summary>Null for the machine owner's key.</summary>
    public string? Id { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>Whether the user owns the machine.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>The version of the server.</summary>
    public required string Version { get; init; }

    public required IReadOnlyList<SessionWorkspace> Workspaces { get; init; }

    /// <summary>The environments whose resources the user cannot change because they are protected.</summary>
    public required IReadOnlyList<string> ProtectedEnvironments { get; init; }
}

/// <param name="Role">The user's role, as in Render's API.</param>
/// <param name="CanView">Whether the user can see resources.</param>
/// <param name="CanOperate">Whether the user can deploy, restart and suspend.</param>
/// <param name="CanManage">Whether the user can create, change and delete resources.</param>
public sealed record SessionWorkspace(string Id, string Name, string Role, bool CanView, bool CanOperate, bool CanManage);
