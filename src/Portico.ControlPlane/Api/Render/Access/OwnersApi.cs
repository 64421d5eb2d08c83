using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Access;

/// <summary>The caller, and the workspaces that the caller is a member of.</summary>
internal static class OwnersApi
{
    public static void MapOwners(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", GetUserAsync).Needs(Permission.SeeWorkspace).Is("get-user");
        routes.MapGet("/owners", ListAsync).Needs(Permission.SeeWorkspace).Is("list-owners");
        routes.MapGet("/owners/{ownerId}", GetAsync).Needs(Permission.SeeWorkspace).Is("retrieve-owner");
    }

    private static async Task<Ok<User>> GetUserAsync(Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(row => row.Id == caller.UserId, cancellationToken) ?? throw Refusal.NotFound("user", caller.UserId);
        return TypedResults.Ok(new User(user.Email, user.Name));
    }

    private static async Task<Ok<IReadOnlyList<OwnerWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var (names, emails) = (query.List("name"), query.List("email"));
        var rows = db.Workspaces.AsNoTracking().Where(row => caller.Workspaces.Contains(row.Id));
        if (names.Count > 0)
            rows = rows.Where(row => names.Contains(row.Name));
        if (emails.Count > 0)
            rows = rows.Where(row => emails.Contains(row.Email));
        if (paging.After<WorkspaceId>() is { } after)
            rows = rows.Where(row => row.Id.CompareTo(after) > 0);
        var page = await rows.OrderBy(row => row.Id).Take(paging.Limit).ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<OwnerWithCursor>>(
            [.. page.Select(row => new OwnerWithCursor(ToWire(row), Paging.Cursor(row.Id)))]);
    }

    private static async Task<Ok<Owner>> GetAsync(string ownerId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        return TypedResults.Ok(ToWire(await FindAsync(db.Workspaces.AsNoTracking(), ownerId, cancellationToken)));
    }

    /// <summary>Finds a workspace. The caller is a member of it, but it may just have been deleted.</summary>
    internal static async Task<WorkspaceRow> FindAsync(IQueryable<WorkspaceRow> rows, string ownerId, CancellationToken cancellationToken) =>
        await rows.FirstOrDefaultAsync(row => row.Id == ownerId, cancellationToken) ?? throw Refusal.NotFound("workspace", ownerId);

    /// <summary>Finds the workspaces of some rows, by id. Throws if one was just deleted.</summary>
    internal static async Task<Dictionary<string, Owner>> FindAsync(PorticoDb db, IEnumerable<string> workspaces, CancellationToken cancellationToken)
    {
        var wanted = workspaces.Distinct().ToList();
        var found = await db.Workspaces.AsNoTracking().Where(row => wanted.Contains(row.Id)).ToDictionaryAsync(row => row.Id, ToWire, cancellationToken);
        return wanted.Find(id => !found.ContainsKey(id)) is { } gone ? throw Refusal.NotFound("workspace", gone) : found;
    }

    internal static Owner ToWire(WorkspaceRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Email = row.Email,
        Type = "team",
        IpAllowList = [],
    };
}
