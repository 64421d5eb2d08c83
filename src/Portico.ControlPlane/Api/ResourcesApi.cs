using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Storage;
using Portico.Core.Access;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api;

/// <summary>Single resources, by name or id.</summary>
public static class ResourcesApi
{
    public static void MapResources(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/services/{name}/restart", RestartAsync).Needs(Permission.Operate);
        routes.MapGet("/connections/{name}", ConnectionAsync).Needs(Permission.ViewSecrets);
    }

    private static async Task<Results<Accepted, NotFound<ApiError>, Conflict<ApiError>>> RestartAsync(
        string name, Caller caller, IDbContextFactory<PorticoDb> databases, Wakeups wakeups, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var service = await db.Services.AsNoTracking().VisibleTo(caller)
            .FirstOrDefaultAsync(row => row.Name == name || row.Id == name, cancellationToken);
        if (service is null)
            return TypedResults.NotFound(new ApiError(context.TraceIdentifier, $"There is no service '{name}'."));
        caller.RequireChangesIn(service.EnvironmentId);
        if (!service.Type.HasInstances() || service.RoutedDeployId is null || service.Suspended)
            return TypedResults.Conflict(new ApiError(context.TraceIdentifier, $"'{name}' has no running instances to restart."));
        // Of this deploy: one that takes its place meanwhile has new instances anyway.
        await db.Services.Where(row => row.Id == service.Id && row.RoutedDeployId == service.RoutedDeployId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.RestartCount, row => row.RestartCount + 1).SetProperty(row => row.Version, row => row.Version + 1),
            cancellationToken);
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
