using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>All variables of a service, with their origins. Render's API can neither save without a deploy nor notice the change of another user.</summary>
internal static class ServiceEnvironmentApi
{
    private const string Path = "/services/{serviceId}/environment";

    public static void MapServiceEnvironment(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, GetAsync).Needs(Permission.ViewSecrets);
        routes.MapPatch(Path, ChangeAsync).Needs(Permission.Manage).IsAudited("UpdateEnvVarsEvent");
    }

    private static async Task<Ok<ServiceEnvironment>> GetAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceEnvironments environments, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(serviceId, caller, db, environments, cancellationToken));

    private static async Task<Ok<ChangedEnvironment>> ChangeAsync(
        string serviceId, ChangeEnvironment body, Caller caller, PorticoDb db, ServiceEnvironments environments, CancellationToken cancellationToken)
    {
        var deploy = await environments.ChangeAsync(db, caller, serviceId, body, cancellationToken);
        return TypedResults.Ok(new ChangedEnvironment(await ReadAsync(serviceId, caller, db, environments, cancellationToken), deploy));
    }

    private static async Task<ServiceEnvironment> ReadAsync(
        string id, Caller caller, PorticoDb db, ServiceEnvironments environments, CancellationToken cancellationToken) =>
        await environments.ReadAsync(db, await db.Services.AsNoTracking().GetServiceAsync(caller, id, cancellationToken), cancellationToken);
}
