using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Invitations to workspaces, for which Render's API has no calls.</summary>
internal static class InvitationsApi
{
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var ofWorkspace = routes.MapGroup("/workspaces/{ownerId}/invitations");
        ofWorkspace.MapGet("", ListAsync).Needs(Permission.Administer);
        ofWorkspace.MapPost("", CreateAsync).Needs(Permission.Administer).IsAudited("InviteUserToTeamEvent");
        ofWorkspace.MapDelete("/{invitationId}", DeleteAsync).Needs(Permission.Administer).IsAudited("RevokeInvitationEvent");
        routes.MapPost("/invitations/accept", AcceptAsync).ChecksOwnSecret().IsAudited("JoinTeamEvent");
    }

    private static async Task<Ok<IReadOnlyList<InvitationInfo>>> ListAsync(
        string ownerId, Caller caller, PorticoDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        var now = time.GetUtcNow();
        var rows = await db.Invitations.AsNoTracking().Where(row => row.WorkspaceId == ownerId && row.ExpiresAt > now)
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<InvitationInfo>>([.. rows.Select(ToWire)]);
    }

    private static async Task<Created<CreatedInvitation>> CreateAsync(
        string ownerId, CreateInvitation request, Caller caller, PorticoDb db, Invitations invitations, PlatformSettings settings, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        var email = IdentityText.Email("email", request.Email);
        var role = MemberRules.ParseRole(request.Role);
        var (row, token) = await invitations.CreateAsync(db, caller, ownerId, email, role, cancellationToken);
        caller.AuditTargets.Resource = row.Id;
        return TypedResults.Created((string?)null, new CreatedInvitation(ToWire(row), $"{settings.PlatformUrl}/join?token={token}"));
    }

    private static async Task<NoContent> DeleteAsync(
        string ownerId, string invitationId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        return await db.Invitations.Where(row => row.Id == invitationId && row.WorkspaceId == ownerId).ExecuteDeleteAsync(cancellationToken) > 0
            ? TypedResults.NoContent() : throw Refusal.NotFound("invitation", invitationId);
    }

    /// <summary>Adds the user of the API key in the request, or a new user if the request has no key.</summary>
    private static async Task<Ok<JoinedWorkspace>> AcceptAsync(
        AcceptInvitation request, HttpContext context, RequestLimits limits, Joining joining, CancellationToken cancellationToken)
    {
        var caller = context.Features.Get<Caller>();
        if (caller is null && context.Request.Headers.Authorization.Count > 0)
            throw new HttpRefusedException(StatusCodes.Status401Unauthorized, "The API key is unknown, expired or revoked. Send none to join as a new user.");
        if (await joining.JoinAsync(context, request.Token, caller, request.Name, cancellationToken) is not { } joined)
        {
            limits.CountWrongKey(context);
            throw Refusal.Invalid("token: this invitation was used, deleted or has expired, or its sender has left the workspace. Ask for a new link.");
        }
        return TypedResults.Ok(new JoinedWorkspace(
            joined.Invitation.WorkspaceId, joined.Invitation.Workspace, joined.User.Id, joined.User.Email, joined.Invitation.Role.Name(), joined.Key));
    }

    private static InvitationInfo ToWire(InvitationRow row) => new(row.Id, row.Email, row.Role.Name(), row.CreatedAt, row.ExpiresAt);
}
