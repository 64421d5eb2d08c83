using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>Who asks, and what they may do where. An endpoint that takes one as a parameter gets the request's.</summary>
public sealed class Caller
{
    public required string UserId { get; init; }

    public required string Email { get; init; }

    /// <summary>Whoever has this machine.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>Null for the machine owner's key.</summary>
    public required string? KeyId { get; init; }

    /// <summary>By workspace.</summary>
    public required IReadOnlyDictionary<string, Role> Roles { get; init; }

    /// <summary>Environments in which only admins, and so not this caller, change anything.</summary>
    public required IReadOnlySet<string> Protected { get; init; }

    /// <summary>What the request has to do with, for the audit log.</summary>
    public Involved Involved { get; } = new();

    /// <summary>What the endpoint asks for.</summary>
    public Permission Needed { get; private set; }

    /// <summary>Those in which the caller may do what the endpoint does, for queries.</summary>
    public IReadOnlyList<string> Workspaces => [.. Roles.Where(item => item.Value.Allows(Needed)).Select(item => item.Key)];

    public bool IsMember(string workspace) => Roles.ContainsKey(workspace);

    public bool May(Permission permission, string workspace) => Roles.TryGetValue(workspace, out var role) && role.Allows(permission);

    /// <exception cref="RefusedException">403: a member whose role does not allow what the endpoint does.</exception>
    public void RequireIn(string workspace)
    {
        Involved.Add(workspace);
        if (!May(Needed, workspace))
            throw Refusal.Forbidden(Needed);
    }

    /// <exception cref="RefusedException">403: a change of something in a protected environment, by who is no admin.</exception>
    public void RequireChangesIn(string? environment)
    {
        if (Needed is Permission.Manage or Permission.Operate && environment is not null && Protected.Contains(environment))
            throw Refusal.Forbidden("This environment is protected: only an admin of the workspace may change what is in it.");
    }

    /// <summary>The workspace that a body or query names.</summary>
    /// <exception cref="RefusedException">404 for a stranger, 403 for a member whose role does not allow it.</exception>
    public string RequireWorkspace(string? ownerId, string field = "ownerId")
    {
        if (string.IsNullOrEmpty(ownerId))
            throw Refusal.Invalid($"{field}: give the id of a workspace.");
        if (!IsMember(ownerId))
            throw Refusal.NotFound("workspace", ownerId);
        RequireIn(ownerId);
        return ownerId;
    }

    public static ValueTask<Caller> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var caller = context.Features.Get<Caller>()
            ?? throw new InvalidOperationException("This endpoint lets strangers in, and so has no caller.");
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<NeedsPermission>()
            ?? throw new InvalidOperationException("This endpoint does not say which permission it needs.");
        caller.Needed = needed.Permission;
        return ValueTask.FromResult(caller);
    }
}
