using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Code;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Writes a request for a service or data store as a command and as a Blueprint. The body is that of the request itself.</summary>
internal static class CodeApi
{
    public static void MapCode(this IEndpointRouteBuilder routes)
    {
        var code = routes.MapGroup("/code");
        code.MapPost("/services", NewServiceAsync).Needs(Permission.Manage).IsNoChange();
        code.MapPost("/services/{serviceId}", ServiceAsync).Needs(Permission.Manage).IsNoChange();
        code.MapPost("/postgres", NewPostgresAsync).Needs(Permission.Manage).IsNoChange();
        code.MapPost("/key-value", NewKeyValueAsync).Needs(Permission.Manage).IsNoChange();
    }

    private static async Task<Ok<RequestCode>> NewServiceAsync(
        ServicePost body, Caller caller, PorticoDb db, ServiceCode code, CancellationToken cancellationToken) =>
        TypedResults.Ok(await code.OfNewAsync(db, caller, body, cancellationToken));

    private static async Task<Ok<RequestCode>> ServiceAsync(
        string serviceId, ServicePatch body, Caller caller, PorticoDb db, ServiceCode code, CancellationToken cancellationToken) =>
        TypedResults.Ok(await code.OfChangeAsync(db, caller, serviceId, body, cancellationToken));

    private static async Task<Ok<RequestCode>> NewPostgresAsync(
        PostgresPostInput body, Caller caller, DataStoreCode code, CancellationToken cancellationToken) =>
        TypedResults.Ok(await code.OfNewAsync(caller, body, cancellationToken));

    private static async Task<Ok<RequestCode>> NewKeyValueAsync(
        KeyValuePostInput body, Caller caller, DataStoreCode code, CancellationToken cancellationToken) =>
        TypedResults.Ok(await code.OfNewAsync(caller, body, cancellationToken));
}
