using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <summary>The user who sent a request, and what they may do in which workspace. An endpoint gets it as a parameter.</summary>
internal sealed class Caller
{
    public required string UserId { get; init; }

    public required string Email { get; init; }

    /// <summary>Whether the user owns this machine.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>The id of the API key, login or session; null for the machine owner's key.</summary>
    public required string? KeyId { get; init; }

    /// <summary>Whether the user signed in with a browser.</summary>
    public bool HasSession => KeyId?.StartsWith(SessionId.Prefix, StringComparison.Ordinal) == true;

    /// <summary>Requires an API key. What a key makes outlives the visit of a browser, so an open browser that its user has left cannot make it.</summary>
    /// <exception cref="RefusedException">403: the caller signed in with a browser.</exception>
    public void RequireKey(string what)
    {
        if (HasSession)
            throw Refusal.Forbidden($"{what} needs an API key, not a browser's session. Use the command `portico` on the machine, or send an API key.");
    }

    /// <summary>The caller's role in each workspace, by workspace id.</summary>
    public required IReadOnlyDictionary<string, Role> Roles { get; init; }

    /// <summary>Protected environments that the caller cannot change because they are not an admin.</summary>
    public required IReadOnlySet<string> Protected { get; init; }

    /// <summary>The workspaces and resources that the request concerns, for the audit log.</summary>
    public AuditTargets AuditTargets { get; } = new();

    private Permission? _needed;

    /// <summary>The permission that the endpoint, or the work in the background, requires.</summary>
    /// <exception cref="InvalidOperationException">None was stated. Nothing may be checked against a default.</exception>
    public Permission Needed
    {
        get => _needed ?? throw new InvalidOperationException("Nothing has stated the permission that this caller needs.");
        private set => _needed = value;
    }

    /// <summary>Ids of the workspaces in which the caller has the permission that the endpoint requires. Queries filter by them.</summary>
    public IReadOnlyList<string> Workspaces => [.. Roles.Where(item => item.Value.Allows(Needed)).Select(item => item.Key)];

    public bool IsMember(string workspace) => Roles.ContainsKey(workspace);

    public bool May(Permission permission, string workspace) => Roles.TryGetValue(workspace, out var role) && role.Allows(permission);

    /// <exception cref="RefusedException">403: the caller is a member, but their role lacks the permission.</exception>
    public void RequireIn(string workspace)
    {
        AuditTargets.Add(workspace);
        if (!May(Needed, workspace))
            throw Refusal.Forbidden(Needed);
    }

    /// <exception cref="RefusedException">403: the caller is not an admin, and the resource is in a protected environment.</exception>
    public void RequireChangesIn(string? environment)
    {
        if (Needed is Permission.Manage or Permission.Operate && environment is not null && Protected.Contains(environment))
            throw Refusal.Forbidden("This environment is protected: only an admin of the workspace can change its resources.");
    }

    /// <summary>States what work in the background requires.</summary>
    public Caller For(Permission needed)
    {
        Needed = needed;
        return this;
    }

    /// <summary>Returns the workspace that a body or query names, after checking that the caller may use it.</summary>
    /// <exception cref="RefusedException">404 if the caller is not a member; 403 if the caller's role does not allow it.</exception>
    public string RequireWorkspace(string? ownerId, string field = "ownerId")
    {
        if (string.IsNullOrEmpty(ownerId))
            throw Refusal.Invalid($"{field}: must be the id of a workspace.");
        if (!IsMember(ownerId))
            throw Refusal.NotFound("workspace", ownerId);
        RequireIn(ownerId);
        return ownerId;
    }

    public static ValueTask<Caller> BindAsync(HttpContext context)
    {
        var caller = context.Features.Get<Caller>()
            ?? throw new InvalidOperationException("This endpoint allows anonymous requests, so it has no caller.");
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<NeedsPermission>()
            ?? throw new InvalidOperationException("This endpoint does not declare the permission that it requires.");
        caller.Needed = needed.Permission;
        return ValueTask.FromResult(caller);
    }
}
