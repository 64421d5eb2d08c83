using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Operations on single resources, by name or id.</summary>
internal static class ResourcesApi
{
    public static void MapResources(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/services/{name}/restart", RestartAsync).Needs(Permission.Operate).IsAudited("RestartServiceEvent");
        routes.MapPost("/services/{name}/rollback", RollBackAsync).Needs(Permission.Operate).IsAudited("RollbackDeployEvent");
        routes.MapGet("/connections/{name}", ConnectionAsync).Needs(Permission.ViewSecrets);
    }

    private static async Task<Accepted> RestartAsync(
        string name, Caller caller, PorticoDb db, ServiceOperations operations, DataStoreOperations stores, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var store = await db.DataStores.AsNoTracking().VisibleTo(caller).FirstOrDefaultAsync(row => row.Id == name || row.Name == name, cancellationToken);
        if (store is not null && !await db.Services.VisibleTo(caller).AnyAsync(row => row.Name == name, cancellationToken))
        {
            await stores.RestartAsync(caller, store.Kind, store.Id, cancellationToken);
            return TypedResults.Accepted((string?)null);
        }
        await db.EditAsync(async () =>
        {
            var service = await ChangedAsync(db, caller, name, cancellationToken);
            operations.Restart(db, service, await db.ActorAsync(caller, cancellationToken));
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>
    /// Rolls a service back and turns auto-deploy off, as in Render's dashboard and unlike <c>/v1</c>: the next push would
    /// undo the rollback.
    /// </summary>
    private static async Task<Ok<RolledBack>> RollBackAsync(
        string name, RollBackService body, Caller caller, PorticoDb db, RequestedDeploys requested, ServiceOperations operations, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        var rolledBack = await db.EditAsync(async () =>
        {
            var service = await ChangedAsync(db, caller, name, cancellationToken);
            var target = body.DeployId ?? await RequestedDeploys.PreviousAsync(db, service, cancellationToken);
            var deploy = await requested.RollBackAsync(db, service, target, by, cancellationToken);
            var trigger = operations.StopAutoDeploy(db, service, "rollback");
            await db.SaveChangesAsync(cancellationToken);
            return new RolledBack(deploy.Id, target, deploy.Commit, trigger);
        });
        wakeups.Signal();
        return TypedResults.Ok(rolledBack);
    }

    private static async Task<ServiceRow> ChangedAsync(PorticoDb db, Caller caller, string name, CancellationToken cancellationToken)
    {
        var service = await db.Services.VisibleTo(caller)
            .FirstOrDefaultAsync(row => row.Name == name || row.Id == name, cancellationToken)
            ?? throw Refusal.NotFound("service", name);
        caller.RequireChangesIn(service.EnvironmentId);
        return service;
    }

    private static async Task<Results<Ok<ConnectionDetails>, NotFound<ApiError>>> ConnectionAsync(
        string name, Caller caller, IDbContextFactory<PorticoDb> databases, DataStoreAddresses addresses, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var store = await db.DataStores.AsNoTracking().VisibleTo(caller)
            .FirstOrDefaultAsync(row => row.Name == name || row.Id == name, cancellationToken);
        return store is null
            ? TypedResults.NotFound(new ApiError(context.TraceIdentifier, $"There is no Postgres database or Key Value store '{name}'."))
            : TypedResults.Ok(addresses.DetailsOf(store));
    }
}
