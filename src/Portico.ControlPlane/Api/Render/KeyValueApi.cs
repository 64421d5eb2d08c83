using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.DataStores;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Key Value stores.</summary>
internal static class KeyValueApi
{
    internal const string Modes = "A persistent store keeps every acknowledged write, in both of the persistent modes.";

    public static void MapKeyValue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/key-value", ListAsync).Needs(Permission.View).Is("list-key-value");
        routes.MapPost("/key-value", CreateAsync).Needs(Permission.Manage).Is("create-key-value", Modes);
        routes.MapGet("/key-value/{redisId}", GetAsync).Needs(Permission.View).Is("retrieve-key-value");
        routes.MapPatch("/key-value/{redisId}", UpdateAsync).Needs(Permission.Manage).Is("update-key-value", Modes);
        routes.MapDelete("/key-value/{redisId}", DeleteAsync).Needs(Permission.Manage)
            .Is("delete-key-value", "Refused with 409 while a variable refers to the store.");
        routes.MapGet("/key-value/{redisId}/connection-info", ConnectAsync).Needs(Permission.ViewSecrets).Is("retrieve-key-value-connection-info");
        routes.MapPost("/key-value/{redisId}/suspend", SuspendAsync).Needs(Permission.Operate).Is("suspend-key-value");
        routes.MapPost("/key-value/{redisId}/resume", ResumeAsync).Needs(Permission.Operate).Is("resume-key-value");
    }

    private static async Task<Ok<IReadOnlyList<KeyValueWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, KeyValueActions stores, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<KeyValueWithCursor>>([.. (await stores.ListAsync(caller, query, paging, cancellationToken))
            .Select(store => new KeyValueWithCursor(store, Paging.Cursor(store.Id)))]);

    private static async Task<Created<KeyValueDetail>> CreateAsync(
        KeyValuePostInput input, Caller caller, KeyValueActions stores, CancellationToken cancellationToken)
    {
        var store = await stores.CreateAsync(caller, input, cancellationToken);
        return TypedResults.Created($"/v1/key-value/{store.Id}", store);
    }

    private static async Task<Ok<KeyValueDetail>> GetAsync(
        string redisId, Caller caller, KeyValueActions stores, CancellationToken cancellationToken) =>
        TypedResults.Ok(await stores.GetAsync(caller, redisId, cancellationToken));

    private static async Task<Ok<KeyValueDetail>> UpdateAsync(
        string redisId, KeyValuePatchInput input, Caller caller, KeyValueActions stores, CancellationToken cancellationToken) =>
        TypedResults.Ok(await stores.UpdateAsync(caller, redisId, input, cancellationToken));

    private static Task<NoContent> DeleteAsync(string redisId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.DeleteAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);

    private static async Task<Ok<KeyValueConnectionInfo>> ConnectAsync(
        string redisId, Caller caller, KeyValueActions stores, CancellationToken cancellationToken)
    {
        var (inside, outside) = await stores.ConnectAsync(caller, redisId, cancellationToken);
        return TypedResults.Ok(new KeyValueConnectionInfo(inside.Url, outside.Url, outside.CliCommand));
    }

    private static Task<Accepted> SuspendAsync(string redisId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.SuspendAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);

    private static Task<Accepted> ResumeAsync(string redisId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.ResumeAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);
}
