using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
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
        var rows = db.Workspaces.AsNoTracking().Where(row => caller.Workspaces.Contains(row.Id))
            .Among(query.List("name"), row => row.Name).Among(query.List("email"), row => row.Email);
        var page = await rows.PageAsync(paging.OldestFirst<WorkspaceId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new OwnerWithCursor(ToWire(row), Paging.Cursor(row.Id)));
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
