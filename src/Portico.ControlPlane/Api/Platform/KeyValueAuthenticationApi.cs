using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Whether clients of a Key Value store in its private network need its password. Render has this in its dashboard only.</summary>
internal static class KeyValueAuthenticationApi
{
    private const string Path = "/key-value/{id}/internal-authentication";

    public static void MapKeyValueAuthentication(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, GetAsync).Needs(Permission.View);
        routes.MapPut(Path, SetAsync).Needs(Permission.Manage).IsAudited("EnableRedisInternalAuthEvent");
    }

    private static async Task<Ok<InternalAuthentication>> GetAsync(string id, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(Of(await db.DataStores.GetStoreAsync(caller, DataStoreKind.KeyValue, id, cancellationToken)));

    private static async Task<Ok<InternalAuthentication>> SetAsync(
        string id, InternalAuthentication body, Caller caller, DataStoreWrites writes, CancellationToken cancellationToken)
    {
        caller.AuditTargets.Call("DisableRedisInternalAuthEvent", !body.Enabled);
        return TypedResults.Ok(Of(await writes.SetInternalAuthenticationAsync(caller, id, body.Enabled, cancellationToken)));
    }

    private static InternalAuthentication Of(DataStoreRow row) => new(row.Settings.InternalAuthentication is true);
}
