using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.DataStores;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Key Value stores by their older name, which Render has deprecated and still answers to.</summary>
internal static class RedisApi
{
    public static void MapRedis(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/redis", ListAsync).Needs(Permission.View).Is("list-redis");
        routes.MapPost("/redis", CreateAsync).Needs(Permission.Manage).Is("create-redis", KeyValueApi.Modes);
        routes.MapGet("/redis/{redisId}", GetAsync).Needs(Permission.View).Is("retrieve-redis");
        routes.MapPatch("/redis/{redisId}", UpdateAsync).Needs(Permission.Manage).Is("update-redis", KeyValueApi.Modes);
        routes.MapDelete("/redis/{redisId}", DeleteAsync).Needs(Permission.Manage)
            .Is("delete-redis", "Refused with 409 while a variable refers to the store.");
        routes.MapGet("/redis/{redisId}/connection-info", ConnectAsync).Needs(Permission.ViewSecrets).Is("retrieve-redis-connection-info");
        routes.MapPost("/redis/{redisId}/suspend", SuspendAsync).Needs(Permission.Operate).Is("suspend-redis");
        routes.MapPost("/redis/{redisId}/resume", ResumeAsync).Needs(Permission.Operate).Is("resume-redis");
    }

    private static async Task<Ok<IReadOnlyList<RedisWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, KeyValueActions stores, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<RedisWithCursor>>([.. (await stores.ListAsync(caller, query, paging, cancellationToken))
            .Select(store => new RedisWithCursor(store, Paging.Cursor(store.Id)))]);

    private static async Task<Created<KeyValueDetail>> CreateAsync(
        KeyValuePostInput input, Caller caller, KeyValueActions stores, CancellationToken cancellationToken)
    {
        var store = await stores.CreateAsync(caller, input, cancellationToken);
        return TypedResults.Created($"/v1/redis/{store.Id}", store);
    }

    private static async Task<Ok<KeyValueDetail>> GetAsync(
        string redisId, Caller caller, KeyValueActions stores, CancellationToken cancellationToken) =>
        TypedResults.Ok(await stores.GetAsync(caller, redisId, cancellationToken));

    private static async Task<Ok<KeyValueDetail>> UpdateAsync(
        string redisId, KeyValuePatchInput input, Caller caller, KeyValueActions stores, CancellationToken cancellationToken) =>
        TypedResults.Ok(await stores.UpdateAsync(caller, redisId, input, cancellationToken));

    private static Task<NoContent> DeleteAsync(string redisId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.DeleteAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);

    private static async Task<Ok<RedisConnectionInfo>> ConnectAsync(
        string redisId, Caller caller, KeyValueActions stores, CancellationToken cancellationToken)
    {
        var (inside, outside) = await stores.ConnectAsync(caller, redisId, cancellationToken);
        return TypedResults.Ok(new RedisConnectionInfo(inside.Url, outside.Url, outside.CliCommand));
    }

    private static Task<Accepted> SuspendAsync(string redisId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.SuspendAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);

    private static Task<Accepted> ResumeAsync(string redisId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.ResumeAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);
}
