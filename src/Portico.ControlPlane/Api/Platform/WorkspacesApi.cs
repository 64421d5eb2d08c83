using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Render.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Creates, changes and deletes workspaces, for which Render's API has no calls.</summary>
internal static class WorkspacesApi
{
    public static void MapWorkspaces(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workspaces", CreateAsync).NeedsOwner().IsAudited("CreateWorkspaceEvent");
        routes.MapPatch("/workspaces/{ownerId}", UpdateAsync).Needs(Permission.Administer).IsAudited("UpdateWorkspaceEvent");
        routes.MapDelete("/workspaces/{ownerId}", DeleteAsync).Needs(Permission.Administer).IsAudited("DeleteWorkspaceEvent");
    }

    private static async Task<Created<WorkspaceInfo>> CreateAsync(
        CreateWorkspace request, Caller caller, PorticoDb db, IdSource ids, TimeProvider time, CancellationToken cancellationToken)
    {
        var row = new WorkspaceRow
        {
            Id = ids.New<WorkspaceId>().Value,
            Name = IdentityText.Name("name", request.Name),
            Email = request.Email is null ? caller.Email : IdentityText.Email("email", request.Email),
            CreatedAt = time.GetUtcNow(),
        };
        db.Workspaces.Add(row);
        db.Members.Add(new MemberRow { WorkspaceId = row.Id, UserId = caller.UserId, Role = Role.Admin });
        await db.SaveChangesAsync(cancellationToken);
        caller.AuditTargets.Add(row.Id);
        caller.AuditTargets.Resource = row.Id;
        return TypedResults.Created((string?)null, ToWire(row));
    }

    private static async Task<Ok<WorkspaceInfo>> UpdateAsync(
        string ownerId, UpdateWorkspace request, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        var row = await OwnersApi.FindAsync(db.Workspaces, ownerId, cancellationToken);
        row.Name = request.Name is null ? row.Name : IdentityText.Name("name", request.Name);
        row.Email = request.Email is null ? row.Email : IdentityText.Email("email", request.Email);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(ToWire(row));
    }

    private static async Task<NoContent> DeleteAsync(string ownerId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FirstWorkspace.IdAsync(db, cancellationToken) == ownerId)
            throw Refusal.Conflict("The first workspace can't be deleted because the `portico` command uses it. Rename it instead.");
        if (await db.IsUsedAsync<WorkspaceRow>(ownerId, cancellationToken))
            throw Refusal.Conflict("The workspace still has services, data stores, env groups or projects. Delete them first.");
        await db.DeleteBelongingsAsync<WorkspaceRow>(ownerId, cancellationToken);
        await db.Workspaces.Where(row => row.Id == ownerId).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static WorkspaceInfo ToWire(WorkspaceRow row) => new(row.Id, row.Name, row.Email);
}
