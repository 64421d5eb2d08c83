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
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Deploys;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Deploys;

/// <summary>The deploys of a service: list, create, cancel and roll back.</summary>
internal static class DeploysApi
{
    private const string Statuses = "use one of Render's deploy statuses, for example live";

    public static void MapDeploys(this IEndpointRouteBuilder routes)
    {
        var deploys = routes.MapGroup("/services/{serviceId}/deploys");
        deploys.MapGet("", ListAsync).Needs(Permission.View).Is("list-deploys");
        // Scripts ask for it with curl -X POST alone: no body, and so no type that would find it. A body of another type is refused when it is read.
        deploys.MapPost("", CreateAsync).Accepts<DeployPost>(isOptional: true, "application/json", "*/*").Needs(Permission.Operate)
            .Is("create-deploy", "imageUrl and artifactId are not supported");
        deploys.MapGet("/{deployId}", GetAsync).Needs(Permission.View).Is("retrieve-deploy");
        deploys.MapPost("/{deployId}/cancel", CancelAsync).Needs(Permission.Operate).Is("cancel-deploy");
        routes.MapPost("/services/{serviceId}/rollback", RollBackAsync).Needs(Permission.Operate).Is("rollback-deploy");
    }

    public static Deploy ToWire(DeployRow row) => new()
    {
        Id = row.Id,
        Commit = row.Commit is { } commit ? new DeployCommit(commit, row.CommitMessage, row.CommitAt) : null,
        Status = row.Status.Name(),
        Trigger = row.Trigger.Name(),
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.StatusSince,
    };

    private static async Task<Ok<IReadOnlyList<DeployWithCursor>>> ListAsync(
        string serviceId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await ServiceAsync(db, caller, serviceId, cancellationToken);
        var statuses = query.List("status", Parse, Statuses);
        var rows = db.Deploys.AsNoTracking().Where(row => row.ServiceId == service.Id)
            .Among(statuses, row => row.Status)
            .Between(query, "created", row => row.CreatedAt)
            .Between(query, "updated", row => row.StatusSince)
            .Between(query, "finished", row => row.FinishedAt);
        var page = await rows.PageAsync(paging.NewestFirst<DeployId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new DeployWithCursor(ToWire(row), Paging.Cursor(row.Id)));
    }

    private static async Task<Created<Deploy>> CreateAsync(
        string serviceId, DeployPost? body, Caller caller, PorticoDb db, RequestedDeploys requested, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        return await CreatedAsync(db, wakeups, async () =>
        {
            var service = await ServiceAsync(db, caller, serviceId, cancellationToken);
            return await requested.CreateAsync(db, service, body ?? new DeployPost(), by, caller.HasSession ? DeployTrigger.Manual : DeployTrigger.Api, cancellationToken);
        }, cancellationToken);
    }

    private static async Task<Created<Deploy>> RollBackAsync(
        string serviceId, RollbackPost body, Caller caller, PorticoDb db, RequestedDeploys requested, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        return await CreatedAsync(db, wakeups, async () =>
        {
            var service = await ServiceAsync(db, caller, serviceId, cancellationToken);
            return await requested.RollBackAsync(db, service, body.DeployId, by, cancellationToken);
        }, cancellationToken);
    }

    private static async Task<Created<Deploy>> CreatedAsync(
        PorticoDb db, Wakeups wakeups, Func<Task<DeployRow>> add, CancellationToken cancellationToken)
    {
        var deploy = await db.EditAsync(async () =>
        {
            var added = await add();
            await db.SaveChangesAsync(cancellationToken);
            return added;
        });
        wakeups.Signal();
        return TypedResults.Created($"/v1/services/{deploy.ServiceId}/deploys/{deploy.Id}", ToWire(deploy));
    }

    private static async Task<Ok<Deploy>> GetAsync(
        string serviceId, string deployId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await ServiceAsync(db, caller, serviceId, cancellationToken);
        return TypedResults.Ok(ToWire(await DeployAsync(db, service, deployId, cancellationToken)));
    }

    private static async Task<Ok<Deploy>> CancelAsync(
        string serviceId, string deployId, Caller caller, PorticoDb db, DeployCancellation cancellation, CancellationToken cancellationToken)
    {
        var service = await ServiceAsync(db, caller, serviceId, cancellationToken);
        var deploy = await db.EditAsync(async () =>
        {
            var row = await DeployAsync(db, service, deployId, cancellationToken);
            await cancellation.RequestAsync(db, row, cancellationToken);
            return row;
        });
        return TypedResults.Ok(ToWire(deploy));
    }

    private static Task<ServiceRow> ServiceAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.Services.GetAsync(caller, row => row.Id == id, "service", id, cancellationToken);

    private static async Task<DeployRow> DeployAsync(PorticoDb db, ServiceRow service, string id, CancellationToken cancellationToken) =>
        await db.Deploys.FirstOrDefaultAsync(row => row.Id == id && row.ServiceId == service.Id, cancellationToken)
        ?? throw Refusal.NotFound("deploy", id);

    private static DeployStatus? Parse(string name) =>
        Enum.GetValues<DeployStatus>().Cast<DeployStatus?>().FirstOrDefault(status => status!.Value.Name() == name);
}
