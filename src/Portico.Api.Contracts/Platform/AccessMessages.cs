namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>POST /portico/v1/workspaces</c>: creates a workspace with the caller as its admin.</summary>
/// <param name="Email">The e-mail address of the workspace; by default the caller's.</param>
public sealed record CreateWorkspace(string Name, string? Email = null);

/// <summary>Body of <c>PATCH /portico/v1/workspaces/{ownerId}</c>. Absent fields stay unchanged.</summary>
public sealed record UpdateWorkspace(string? Name = null, string? Email = null);

public sealed record WorkspaceInfo(string Id, string Name, string Email);

/// <summary>Body of <c>POST /portico/v1/workspaces/{ownerId}/invitations</c>.</summary>
/// <param name="Email">The address of the invited person. No mail is sent.</param>
/// <param name="Role">A role of Render's API. There is no default: it would give rights that the admin did not name.</param>
public sealed record CreateInvitation(string Email, string Role);

/// <summary>An open invitation, without its link.</summary>
public sealed record InvitationInfo(string Id, string Email, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="Url">The link for the invited person. It works once, and is shown only once.</param>
public sealed record CreatedInvitation(InvitationInfo Invitation, string Url);

/// <summary>Body of <c>POST /portico/v1/invitations/accept</c>: the user of the API key joins, or a new user if there is none.</summary>
/// <param name="Token">The token in the invitation's link.</param>
/// <param name="Name">The name of a new user; by default the invitation's address.</param>
public sealed record AcceptInvitation(string Token, string? Name = null);

/// <param name="Key">The first API key of a new user, shown only once; null for a user who has one.</param>
public sealed record JoinedWorkspace(string WorkspaceId, string Workspace, string UserId, string Email, string Role, string? Key);

/// <summary>Body of <c>POST /portico/v1/keys</c>.</summary>
/// <param name="ExpiresAt">When the key expires; null for never.</param>
/// <param name="User">The e-mail address or id of another user; only the machine's owner may set it.</param>
public sealed record CreateKey(string Name, DateTimeOffset? ExpiresAt = null, string? User = null);

/// <summary>An API key without its secret.</summary>
/// <param name="Name">The key's name; for a login or session, what its client calls itself.</param>
/// <param name="Kind"><c>key</c>, <c>login</c> for a client that logged in with device login, or <c>session</c> for a browser.</param>
/// <param name="User">The e-mail address of the user that the key belongs to.</param>
/// <param name="Machine">The address that a login's client or a browser logged in from, or "this machine"; null for a key.</param>
/// <param name="CreatedBy">The id of the key or login that created it and with which it is revoked; null if the machine owner's key or an invitation did.</param>
public sealed record KeyInfo(
    string Id, string Name, string Kind, string User, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, string? CreatedBy = null,
    string? Machine = null);

/// <param name="Secret">The key itself. It is shown only once and not stored.</param>
public sealed record CreatedKey(KeyInfo Key, string Secret);

/// <summary>Body of <c>POST /portico/v1/logins/approve</c>: approves the login of a waiting device as the caller.</summary>
/// <param name="UserCode">The code that the device shows.</param>
public sealed record ApproveLogin(string UserCode);

/// <summary>A device that is waiting for approval.</summary>
/// <param name="ClientId">The name that the device gives itself.</param>
/// <param name="Address">The address that it asks from; null for this machine.</param>
/// <param name="Since">When it asked.</param>
public sealed record WaitingLogin(string ClientId, string? Address, DateTimeOffset Since);

/// <param name="ClientId">The name that the device gives itself.</param>
public sealed record ApprovedLogin(string ClientId, string User);
