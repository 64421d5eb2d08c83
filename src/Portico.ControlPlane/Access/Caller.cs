using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Api;
using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>Who asks, and what they may do where. An endpoint that takes one as a parameter gets the request's.</summary>
public sealed class Caller
{
    public required string UserId { get; init; }

    /// <summary>Null for the machine owner's key.</summary>
    public required string? KeyId { get; init; }

    /// <summary>By workspace.</summary>
    public required IReadOnlyDictionary<string, Role> Roles { get; init; }

    /// <summary>What the endpoint asks for.</summary>
    public Permission Needed { get; private init; }

    /// <summary>Those in which the caller may do what the endpoint does, for queries.</summary>
    public IReadOnlyList<string> Workspaces => [.. Roles.Where(item => item.Value.Allows(Needed)).Select(item => item.Key)];

    public bool IsMember(string workspace) => Roles.ContainsKey(workspace);

    public bool May(Permission permission, string workspace) => Roles.TryGetValue(workspace, out var role) && role.Allows(permission);

    /// <exception cref="RefusedException">403: a member whose role does not allow what the endpoint does.</exception>
    public void RequireIn(string workspace)
    {
        if (!May(Needed, workspace))
            throw Refusal.Forbidden(Needed);
    }

    /// <summary>The workspace that a body or query names.</summary>
    /// <exception cref="RefusedException">404 for a stranger, 403 for a member whose role does not allow it.</exception>
    public string RequireWorkspace(string? ownerId, string field = "ownerId")
    {
        if (string.IsNullOrEmpty(ownerId))
            throw Refusal.BadRequest($"{field}: give the id of a workspace.");
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
        return ValueTask.FromResult(new Caller
        {
            UserId = caller.UserId,
            KeyId = caller.KeyId,
            Roles = caller.Roles,
            Needed = needed.Permission,
        });
    }
}
