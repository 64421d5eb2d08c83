namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>POST /portico/v1/workspaces</c>: a new workspace, of which the caller is admin.</summary>
/// <param name="Email">Where the workspace is written to; by default the caller's.</param>
public sealed record CreateWorkspace(string Name, string? Email = null);

/// <summary>Body of <c>PATCH /portico/v1/workspaces/{ownerId}</c>; what is absent stays.</summary>
public sealed record UpdateWorkspace(string? Name = null, string? Email = null);

public sealed record WorkspaceInfo(string Id, string Name, string Email);

/// <summary>Body of <c>POST /portico/v1/workspaces/{ownerId}/members</c>. Makes the user where there is none with that address.</summary>
/// <param name="Name">Of a new user; by default the address.</param>
/// <param name="Role">As in Render's API, by default <c>DEVELOPER</c>.</param>
public sealed record AddMember(string Email, string? Name = null, string? Role = null);

/// <param name="Key">A new user's first API key, shown this once; null for a user who was there before.</param>
public sealed record AddedMember(string UserId, string Name, string Email, string Role, string? Key);

/// <summary>Body of <c>POST /portico/v1/keys</c>.</summary>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="User">Email address or id of another user; only the machine's owner may say one.</param>
public sealed record CreateKey(string Name, DateTimeOffset? ExpiresAt = null, string? User = null);

/// <summary>A key, without its secret.</summary>
/// <param name="Kind"><c>key</c>, or <c>login</c> for a client that was let in by device login.</param>
/// <param name="User">Whose it is: an email address.</param>
public sealed record KeyInfo(
    string Id, string Name, string Kind, string User, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <param name="Secret">The key itself: shown this once, and kept nowhere.</param>
public sealed record CreatedKey(KeyInfo Key, string Secret);

/// <summary>Body of <c>POST /portico/v1/logins/approve</c>: lets a waiting device in as the caller.</summary>
/// <param name="UserCode">What the device shows.</param>
public sealed record ApproveLogin(string UserCode);

/// <param name="ClientId">What the device calls itself.</param>
public sealed record ApprovedLogin(string ClientId, string User);
