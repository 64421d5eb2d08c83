using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>What refers to what in a workspace, for a map of it.</summary>
internal static class ReferencesApi
{
    public static void MapReferences(this IEndpointRouteBuilder routes) => routes.MapGet("/references", GetAsync).Needs(Permission.View);

    private static async Task<Ok<References>> GetAsync(string? ownerId, Caller caller, PorticoDb db, ReferencesReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ReadAsync(db, caller.RequireWorkspace(ownerId), cancellationToken));
}
