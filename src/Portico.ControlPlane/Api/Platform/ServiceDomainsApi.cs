using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The custom domains of a service with the DNS records that they need. Render's API tells only whether they are verified.</summary>
internal static class ServiceDomainsApi
{
    public static void MapServiceDomains(this IEndpointRouteBuilder routes) => routes.MapGet("/services/{serviceId}/domains", GetAsync).Needs(Permission.View);

    private static async Task<Ok<ServiceDomains>> GetAsync(
        string serviceId, Caller caller, PorticoDb db, DomainStates states, CancellationToken cancellationToken) =>
        TypedResults.Ok(await states.ReadAsync(db, await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken), cancellationToken));
}
