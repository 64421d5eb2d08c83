using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Render.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Projects;

internal static class ProjectsApi
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects", ListAsync).Needs(Permission.View).Is("list-projects");
        routes.MapPost("/projects", CreateAsync).Needs(Permission.Manage).Is("create-project");
        routes.MapGet("/projects/{projectId}", GetAsync).Needs(Permission.View).Is("retrieve-project");
        routes.MapPatch("/projects/{projectId}", UpdateAsync).Needs(Permission.Manage).Is("update-project");
        routes.MapDelete("/projects/{projectId}", DeleteAsync).Needs(Permission.Manage).Is("delete-project");
    }

    /// <exception cref="RefusedException">404: there is no such project; 403: the caller's role does not allow it.</exception>
    public static Task<ProjectRow> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.Projects.GetAsync(caller, row => row.Id == id, "project", id, cancellationToken);

    private static async Task<Ok<IReadOnlyList<ProjectWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.Projects.AsNoTracking().VisibleTo(caller, query.List("ownerId"))
            .Between(query, "created", row => row.CreatedAt).Between(query, "updated", row => row.UpdatedAt)
            .Among(query.List("name"), row => row.Name);
        var page = await ToWireAsync(db, await rows.PageAsync(paging.OldestFirst<ProjectId>(), row => row.Id, cancellationToken), cancellationToken);
        return page.Answer(project => new ProjectWithCursor(project, Paging.Cursor(project.Id)));
    }

    private static async Task<Created<Project>> CreateAsync(
        ProjectPost request, Caller caller, PorticoDb db, EnvironmentWriter writer, PrivateNetwork network, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(request.OwnerId);
        var project = writer.NewProject(workspace, EnvironmentRules.Name("name", request.Name));
        if (request.Environments is not { Count: > 0 })
            throw Refusal.Invalid("environments: must contain at least one environment.");
        await RequireFreeAsync(db, project, cancellationToken);
        db.Projects.Add(project);
        for (var at = 0; at < request.Environments.Count; at++)
        {
            var (given, field) = (request.Environments[at], $"environments[{at}].");
            EnvironmentRules.RequirePossible(field, given.NetworkIsolationEnabled, network.Restriction);
            var row = writer.NewEnvironment(project, EnvironmentRules.Name($"{field}name", given.Name));
            row.IsProtected = EnvironmentRules.IsProtected($"{field}protectedStatus", given.ProtectedStatus) ?? false;
            row.IsIsolated = given.NetworkIsolationEnabled is true;
            row.IpAllowList = InboundRules.Of(field, given.IpAllowList);
            if (db.Environments.Local.Any(item => item.ProjectId == project.Id && item.Name == row.Name))
                throw Refusal.Invalid($"{field}name: two environments are named '{row.Name}'.");
            db.Environments.Add(row);
        }
        caller.AuditTargets.Resource = project.Id;
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
        return TypedResults.Created((string?)null, (await ToWireAsync(db, [project], cancellationToken))[0]);
    }

    private static async Task<Ok<Project>> GetAsync(string projectId, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok((await ToWireAsync(db, [await FindAsync(db, caller, projectId, cancellationToken)], cancellationToken))[0]);

    private static async Task<Ok<Project>> UpdateAsync(
        string projectId, ProjectPatch request, Caller caller, PorticoDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        var project = await db.EditAsync(async () =>
        {
            var row = await FindAsync(db, caller, projectId, cancellationToken);
            if (!request.Name.IsSet)
                return row;
            row.Name = EnvironmentRules.Name("name", request.Name.Value);
            await RequireFreeAsync(db, row, cancellationToken);
            row.UpdatedAt = time.GetUtcNow();
            row.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        return TypedResults.Ok((await ToWireAsync(db, [project], cancellationToken))[0]);
    }

    private static async Task<NoContent> DeleteAsync(string projectId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var project = await FindAsync(db, caller, projectId, cancellationToken);
        foreach (var environment in await db.Environments.AsNoTracking().Where(row => row.ProjectId == project.Id).ToListAsync(cancellationToken))
        {
            caller.RequireChangesIn(environment.Id);
            await EnvironmentRules.RequireEmptyAsync(db, environment, cancellationToken);
        }
        await db.DeleteBelongingsAsync<ProjectRow>(project.Id, cancellationToken);
        db.Projects.Remove(project);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task RequireFreeAsync(PorticoDb db, ProjectRow project, CancellationToken cancellationToken)
    {
        if (await db.Projects.AnyAsync(row => row.WorkspaceId == project.WorkspaceId && row.Name == project.Name && row.Id != project.Id, cancellationToken))
            throw Refusal.Invalid($"name: the workspace already has a project named '{project.Name}'.");
    }

    private static async Task<List<Project>> ToWireAsync(PorticoDb db, List<ProjectRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var environments = (await db.Environments.AsNoTracking().Where(row => ids.Contains(row.ProjectId))
            .OrderBy(row => row.Id).Select(row => new { row.Id, row.ProjectId }).ToListAsync(cancellationToken)).ToLookup(row => row.ProjectId, row => row.Id);
        var owners = await OwnersApi.FindAsync(db, rows.Select(row => row.WorkspaceId), cancellationToken);
        return [.. rows.Select(row => new Project
        {
            Id = row.Id,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Name = row.Name,
            Owner = owners[row.WorkspaceId],
            EnvironmentIds = [.. environments[row.Id]],
        })];
    }
}
