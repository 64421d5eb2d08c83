namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>POST /portico/v1/workspaces</c>: creates a workspace with the caller as its admin.</summary>
/// <param name="Email">The e-mail address of the workspace; by default the caller's.</param>
public sealed record CreateWorkspace(string Name, string? Email = null);

/// <summary>Body of <c>PATCH /portico/v1/workspaces/{ownerId}</c>. Absent fields stay unchanged.</summary>
public sealed record UpdateWorkspace(string? Name = null, string? Email = null);

public sealed record WorkspaceInfo(string Id, string Name, string Email);

/// <summary>Body of <c>POST /portico/v1/workspaces/{ownerId}/members</c>. Creates the user if there is none with this address.</summary>
/// <param name="Name">The name of a new user; by default the address.</param>
/// <param name="Role">A role of Render's API; by default <c>DEVELOPER</c>.</param>
public sealed record AddMember(string Email, string? Name = null, string? Role = null);

/// <param name="Key">The first API key of a new user, shown only once; null for an existing user.</param>
public sealed record AddedMember(string UserId, string Name, string Email, string Role, string? Key);

/// <summary>Body of <c>POST /portico/v1/keys</c>.</summary>
/// <param name="ExpiresAt">When the key expires; null for never.</param>
/// <param name="User">The e-mail address or id of another user; only the machine's owner may set it.</param>
public sealed record CreateKey(string Name, DateTimeOffset? ExpiresAt = null, string? User = null);

/// <summary>An API key without its secret.</summary>
/// <param name="Kind"><c>key</c>, or <c>login</c> for a client that logged in with device login.</param>
/// <param name="User">The e-mail address of the user that the key belongs to.</param>
public sealed record KeyInfo(
    string Id, string Name, string Kind, string User, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <param name="Secret">The key itself. It is shown only once and not stored.</param>
public sealed record CreatedKey(KeyInfo Key, string Secret);

/// <summary>Body of <c>POST /portico/v1/logins/approve</c>: approves the login of a waiting device as the caller.</summary>
/// <param name="UserCode">The code that the device shows.</param>
public sealed record ApproveLogin(string UserCode);

/// <param name="ClientId">The name that the device gives itself.</param>
public sealed record ApprovedLogin(string ClientId, string User);
