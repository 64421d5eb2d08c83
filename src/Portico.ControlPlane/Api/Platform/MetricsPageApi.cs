using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>All charts of a service or data store in one answer. Render's API has one endpoint for each, and does not say why there are no values.</summary>
internal static class MetricsPageApi
{
    public static void MapMetricsPage(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics/page", GetAsync).Needs(Permission.View);

    private static async Task<Ok<MetricsPage>> GetAsync(
        string? resource, string? range, Caller caller, PorticoDb db, MetricsPageReader reader, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(resource))
            throw Refusal.Invalid("resource: must be the id of a service or data store.");
        var asked = MetricsRange.Parse(range);
        if (!await db.DataStores.AnyAsync(row => row.Id == resource, cancellationToken))
            return TypedResults.Ok(await reader.ReadAsync(db, await db.Services.AsNoTracking().GetServiceAsync(caller, resource, cancellationToken), asked, cancellationToken));
        var store = await db.DataStores.AsNoTracking().GetAsync(caller, row => row.Id == resource, "data store", resource, cancellationToken);
        return TypedResults.Ok(await reader.ReadAsync(db, store, asked, cancellationToken));
    }
}
