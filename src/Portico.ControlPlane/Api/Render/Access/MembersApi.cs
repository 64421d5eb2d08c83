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

namespace Portico.ControlPlane.Api.Render.Access;

/// <summary>The members of a workspace and their roles.</summary>
internal static class MembersApi
{
    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/owners/{ownerId}/members", ListAsync).Needs(Permission.SeeWorkspace).Is("retrieve-owner-members");
        routes.MapPatch("/owners/{ownerId}/members/{userId}", UpdateAsync).Needs(Permission.Administer).Is("update-workspace-member");
        routes.MapDelete("/owners/{ownerId}/members/{userId}", RemoveAsync).Needs(Permission.Administer).Is("remove-workspace-member");
    }

    private static async Task<Ok<IReadOnlyList<TeamMember>>> ListAsync(
        string ownerId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        var rows = await (from member in db.Members
                          join user in db.Users on member.UserId equals user.Id
                          where member.WorkspaceId == ownerId
                          orderby user.Id
                          select new { Member = member, User = user }).AsNoTracking().ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<TeamMember>>([.. rows.Select(row => ToWire(row.Member, row.User))]);
    }

    private static async Task<Ok<TeamMember>> UpdateAsync(
        string ownerId, string userId, TeamMemberPatch request, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        var role = MemberRules.ParseRole(request.Role);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var member = await FindAsync(db, ownerId, userId, cancellationToken);
        if (role != Role.Admin)
            await MemberRules.RequireAdminBesidesAsync(db, member, cancellationToken);
        member.Role = role;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(ToWire(member, await db.Users.SingleAsync(row => row.Id == userId, cancellationToken)));
    }

    private static async Task<NoContent> RemoveAsync(
        string ownerId, string userId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var member = await FindAsync(db, ownerId, userId, cancellationToken);
        await MemberRules.RequireAdminBesidesAsync(db, member, cancellationToken);
        db.Members.Remove(member);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<MemberRow> FindAsync(PorticoDb db, string workspace, string user, CancellationToken cancellationToken) =>
        await db.Members.FirstOrDefaultAsync(row => row.WorkspaceId == workspace && row.UserId == user, cancellationToken)
        ?? throw Refusal.NotFound("member", user);

    private static TeamMember ToWire(MemberRow member, UserRow user) => new()
    {
        UserId = user.Id,
        Name = user.Name,
        Email = user.Email,
        Status = "active",
        Role = member.Role.Name(),
        MfaEnabled = false,
    };
}
