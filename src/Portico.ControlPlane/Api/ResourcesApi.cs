using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Storage;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api;

/// <summary>Single resources, by name or id.</summary>
public static class ResourcesApi
{
    public static void MapResources(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/services/{name}/restart", RestartAsync).Needs(Permission.Operate);
        routes.MapGet("/connections/{name}", ConnectionAsync).Needs(Permission.ViewSecrets);
    }

    private static async Task<Accepted> RestartAsync(
        string name, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups, CancellationToken cancellationToken)
    {
        await db.EditAsync(async () =>
        {
            var service = await db.Services.VisibleTo(caller)
                .FirstOrDefaultAsync(row => row.Name == name || row.Id == name, cancellationToken)
                ?? throw Refusal.NotFound("service", name);
            caller.RequireChangesIn(service.EnvironmentId);
            operations.Restart(db, service, await Actor.OfAsync(db, caller, cancellationToken));
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<Ok<ConnectionDetails>, NotFound<ApiError>>> ConnectionAsync(
        string name, Caller caller, IDbContextFactory<PorticoDb> databases, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var store = await db.DataStores.AsNoTracking().VisibleTo(caller)
            .FirstOrDefaultAsync(row => row.Name == name || row.Id == name, cancellationToken);
        return store is null
            ? TypedResults.NotFound(new ApiError(context.TraceIdentifier, $"There is no Postgres database or Key Value store '{name}'."))
            : TypedResults.Ok(DataStoreAddress.DetailsOf(store));
    }
}
