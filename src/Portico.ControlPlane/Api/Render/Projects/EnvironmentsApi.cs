using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Projects;

internal static class EnvironmentsApi
{
    private const string Differs = "only admins can change the resources of a protected environment; network isolation is refused where the machine has no private network; a client must be allowed by the ipAllowList of the environment and by that of the service or data store";

    public static void MapEnvironments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/environments", ListAsync).Needs(Permission.View).Is("list-environments");
        routes.MapPost("/environments", CreateAsync).Needs(Permission.Manage).Is("create-environment", Differs);
        routes.MapGet("/environments/{environmentId}", GetAsync).Needs(Permission.View).Is("retrieve-environment");
        routes.MapPatch("/environments/{environmentId}", UpdateAsync).Needs(Permission.Manage).Is("update-environment", Differs);
        routes.MapDelete("/environments/{environmentId}", DeleteAsync).Needs(Permission.Manage).Is("delete-environment");
        routes.MapPost("/environments/{environmentId}/resources", AddAsync).Needs(Permission.Manage).Is("add-resources-to-environment");
        routes.MapDelete("/environments/{environmentId}/resources", RemoveAsync).Needs(Permission.Manage).Is("remove-resources-from-environment");
    }

    private static Task<EnvironmentRow> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.Environments.GetAsync(caller, row => row.Id == id, "environment", id, cancellationToken);

    private static async Task<Ok<IReadOnlyList<EnvironmentWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.Environments.AsNoTracking().VisibleTo(caller, query.List("ownerId"))
            .Between(query, "created", row => row.CreatedAt).Between(query, "updated", row => row.UpdatedAt)
            .Among(query.List("name"), row => row.Name)
            .Among(query.List("projectId"), row => row.ProjectId)
            .Among(query.List("environmentId"), row => row.Id);
        var page = await EnvironmentWire.ToWireAsync(
            db, await rows.PageAsync(paging.OldestFirst<EnvironmentId>(), row => row.Id, cancellationToken), cancellationToken);
        return page.Answer(item => new EnvironmentWithCursor(item, Paging.Cursor(item.Id)));
    }

    private static async Task<Created<ProjectEnvironment>> CreateAsync(
        EnvironmentPost request, Caller caller, PorticoDb db, EnvironmentWriter writer, PrivateNetwork network, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var name = EnvironmentRules.Name("name", request.Name);
        EnvironmentRules.RequirePossible("", request.NetworkIsolationEnabled, network.Restriction);
        var row = writer.NewEnvironment(await ProjectsApi.FindAsync(db, caller, request.ProjectId, cancellationToken), name);
        row.IsProtected = EnvironmentRules.IsProtected("protectedStatus", request.ProtectedStatus) ?? false;
        row.IsIsolated = request.NetworkIsolationEnabled is true;
        row.IpAllowList = InboundRules.Of("", request.IpAllowList);
        await RequireFreeAsync(db, row, cancellationToken);
        db.Environments.Add(row);
        caller.AuditTargets.Resource = row.Id;
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
        return TypedResults.Created((string?)null, await EnvironmentWire.ToWireAsync(db, row, cancellationToken));
    }

    private static async Task<Ok<ProjectEnvironment>> GetAsync(string environmentId, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await EnvironmentWire.ToWireAsync(db, await FindAsync(db, caller, environmentId, cancellationToken), cancellationToken));

    private static async Task<Ok<ProjectEnvironment>> UpdateAsync(
        string environmentId, EnvironmentPatch request, Caller caller, PorticoDb db, PrivateNetwork network, Wakeups wakeups, TimeProvider time, CancellationToken cancellationToken)
    {
        EnvironmentRules.RequirePossible("", request.NetworkIsolationEnabled.Value, network.Restriction);
        caller.AuditTargets.Call("ChangeEnvironmentProtectionEvent", request.ProtectedStatus.IsSet);
        caller.AuditTargets.Call("UpdateIPAllowListEvent", request.IpAllowList.IsSet);
        var environment = await db.EditAsync(async () =>
        {
            var row = await FindAsync(db, caller, environmentId, cancellationToken);
            row.Name = request.Name.IsSet ? EnvironmentRules.Name("name", request.Name.Value) : row.Name;
            row.IsProtected = EnvironmentRules.IsProtected("protectedStatus", request.ProtectedStatus.Value) ?? row.IsProtected;
            row.IsIsolated = request.NetworkIsolationEnabled.IsSet ? request.NetworkIsolationEnabled.Value : row.IsIsolated;
            row.IpAllowList = request.IpAllowList.IsSet ? InboundRules.Of("", request.IpAllowList.Value) : row.IpAllowList;
            await RequireFreeAsync(db, row, cancellationToken);
            row.UpdatedAt = time.GetUtcNow();
            row.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        wakeups.Signal();
        return TypedResults.Ok(await EnvironmentWire.ToWireAsync(db, environment, cancellationToken));
    }

    private static async Task<NoContent> DeleteAsync(string environmentId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await FindAsync(db, caller, environmentId, cancellationToken);
        await EnvironmentRules.RequireEmptyAsync(db, row, cancellationToken);
        await db.DeleteBelongingsAsync<EnvironmentRow>(row.Id, cancellationToken);
        db.Environments.Remove(row);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Answers 201, as Render does. Its document says 200.</summary>
    private static async Task<Created<ProjectEnvironment>> AddAsync(
        string environmentId, EnvironmentResources request, Caller caller, PorticoDb db, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var row = await db.EditAsync(async () =>
        {
            var environment = await FindAsync(db, caller, environmentId, cancellationToken);
            foreach (var id in request.ResourceIds)
            {
                var resource = await PlacedResources.FindAsync(db, caller, id, cancellationToken);
                if (((IOwned)resource).WorkspaceId != environment.WorkspaceId)
                    throw Refusal.Invalid($"resourceIds: {id} is not in the workspace of the environment.");
                PlacedResources.Move(resource, environment.Id);
            }
            await db.SaveChangesAsync(cancellationToken);
            return environment;
        });
        wakeups.Signal();
        return TypedResults.Created((string?)null, await EnvironmentWire.ToWireAsync(db, row, cancellationToken));
    }

    /// <summary>
    /// Removes resources from the environments that they are in, whichever one the path names: Render's Terraform provider
    /// puts the id of the resource there.
    /// </summary>
    private static async Task<NoContent> RemoveAsync(Caller caller, Query query, PorticoDb db, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var ids = query.List("resourceIds");
        if (ids.Count == 0)
            throw Refusal.Invalid("resourceIds: must contain at least one id.");
        await db.EditAsync(async () =>
        {
            foreach (var id in ids)
                PlacedResources.Move(await PlacedResources.FindAsync(db, caller, id, cancellationToken), null);
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.NoContent();
    }

    private static async Task RequireFreeAsync(PorticoDb db, EnvironmentRow environment, CancellationToken cancellationToken)
    {
        if (await db.Environments.AnyAsync(row => row.ProjectId == environment.ProjectId && row.Name == environment.Name && row.Id != environment.Id, cancellationToken))
            throw Refusal.Invalid($"name: the project already has an environment named '{environment.Name}'.");
    }
}
