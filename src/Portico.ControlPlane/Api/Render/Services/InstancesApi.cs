using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>The running instances of a service.</summary>
internal static class InstancesApi
{
    public static void MapInstances(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/services/{serviceId}/instances", ListAsync).Needs(Permission.View).Is("list-instances");

    private static async Task<Ok<IReadOnlyList<ServiceInstance>>> ListAsync(
        string serviceId, Caller caller, PorticoDb db, IEngine engine, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ServiceInstance>>(
            [.. engine.Observe().Instances
                .Where(instance => instance.Owner == service.Id && instance.Status is not (InstanceStatus.Draining or InstanceStatus.Stopping))
                .OrderBy(instance => instance.StartedAt).ThenBy(instance => instance.Id.Value, StringComparer.Ordinal)
                .Select(instance => new ServiceInstance(instance.Id.Value, instance.StartedAt))]);
    }
}
