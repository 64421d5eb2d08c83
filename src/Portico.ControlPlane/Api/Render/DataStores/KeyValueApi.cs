using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>Key Value stores, also under their older name <c>redis</c>, which Render deprecated but still supports.</summary>
internal static class KeyValueApi
{
    private const string Modes = "Both persistent modes keep every acknowledged write.";

    public static void MapKeyValue(this IEndpointRouteBuilder routes)
    {
        foreach (var name in new[] { "key-value", "redis" })
        {
            var stores = routes.MapGroup($"/{name}");
            stores.MapPost("", CreateAsync).Needs(Permission.Manage).Is($"create-{name}", Modes);
            stores.MapGet("/{redisId}", GetAsync).Needs(Permission.View).Is($"retrieve-{name}");
            stores.MapPatch("/{redisId}", UpdateAsync).Needs(Permission.Manage).Is($"update-{name}", Modes);
            stores.MapDelete("/{redisId}", DeleteAsync).Needs(Permission.Manage).Is($"delete-{name}", "A store that environment variables refer to can't be deleted (409).");
            stores.MapPost("/{redisId}/suspend", SuspendAsync).Needs(Permission.Operate).Is($"suspend-{name}");
            stores.MapPost("/{redisId}/resume", ResumeAsync).Needs(Permission.Operate).Is($"resume-{name}");
        }
        // Only the answers of these differ.
        routes.MapGet("/key-value", ListAsync).Needs(Permission.View).Is("list-key-value");
        routes.MapGet("/redis", ListRedisAsync).Needs(Permission.View).Is("list-redis");
        routes.MapGet("/key-value/{redisId}/connection-info", ConnectAsync).Needs(Permission.ViewSecrets).Is("retrieve-key-value-connection-info");
        routes.MapGet("/redis/{redisId}/connection-info", ConnectRedisAsync).Needs(Permission.ViewSecrets).Is("retrieve-redis-connection-info");
    }

    private static async Task<Ok<IReadOnlyList<KeyValueWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, KeyValueWire wire, CancellationToken cancellationToken) =>
        (await PageAsync(caller, query, paging, db, wire, cancellationToken))
            .Answer(store => new KeyValueWithCursor(store, Paging.Cursor(store.Id)));

    private static async Task<Ok<IReadOnlyList<RedisWithCursor>>> ListRedisAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, KeyValueWire wire, CancellationToken cancellationToken) =>
        (await PageAsync(caller, query, paging, db, wire, cancellationToken))
            .Answer(store => new RedisWithCursor(store, Paging.Cursor(store.Id)));

    private static async Task<IEnumerable<KeyValueDetail>> PageAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, KeyValueWire wire, CancellationToken cancellationToken)
    {
        var page = await DataStoreLists.PageAsync<KeyValueId>(db, caller, DataStoreKind.KeyValue, query, paging, cancellationToken);
        return page.Select(item => wire.ToItem(item.Row, item.Owner));
    }

    private static async Task<Created<KeyValueDetail>> CreateAsync(
        KeyValuePostInput input, Caller caller, HttpContext context, PorticoDb db, DataStoreWrites writes, KeyValueWire wire, CancellationToken cancellationToken)
    {
        var row = await writes.CreateAsync(caller, input, cancellationToken);
        return TypedResults.Created($"{context.Request.Path}/{row.Id}", await ToDetailAsync(db, row, wire, cancellationToken));
    }

    private static async Task<Ok<KeyValueDetail>> GetAsync(
        string redisId, Caller caller, PorticoDb db, KeyValueWire wire, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ToDetailAsync(db, await FindAsync(redisId, caller, db, cancellationToken), wire, cancellationToken));

    private static async Task<Ok<KeyValueDetail>> UpdateAsync(
        string redisId, KeyValuePatchInput input, Caller caller, PorticoDb db, DataStoreWrites writes, KeyValueWire wire, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ToDetailAsync(db, await writes.UpdateAsync(caller, redisId, input, cancellationToken), wire, cancellationToken));

    private static async Task<NoContent> DeleteAsync(string redisId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.DeleteAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<KeyValueConnectionInfo>> ConnectAsync(
        string redisId, Caller caller, PorticoDb db, KeyValueWire wire, CancellationToken cancellationToken)
    {
        var (inside, outside) = wire.ToConnections(await FindAsync(redisId, caller, db, cancellationToken));
        return TypedResults.Ok(new KeyValueConnectionInfo(inside.Url, outside.Url, outside.CliCommand));
    }

    private static async Task<Ok<RedisConnectionInfo>> ConnectRedisAsync(
        string redisId, Caller caller, PorticoDb db, KeyValueWire wire, CancellationToken cancellationToken)
    {
        var (inside, outside) = wire.ToConnections(await FindAsync(redisId, caller, db, cancellationToken));
        return TypedResults.Ok(new RedisConnectionInfo(inside.Url, outside.Url, outside.CliCommand));
    }

    private static async Task<Accepted> SuspendAsync(string redisId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.SuspendAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Accepted> ResumeAsync(string redisId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.ResumeAsync(caller, DataStoreKind.KeyValue, redisId, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static Task<DataStoreRow> FindAsync(string id, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        db.DataStores.GetStoreAsync(caller, DataStoreKind.KeyValue, id, cancellationToken);

    private static async Task<KeyValueDetail> ToDetailAsync(PorticoDb db, DataStoreRow row, KeyValueWire wire, CancellationToken cancellationToken) =>
        wire.ToDetail(row, await DataStoreLists.OwnerAsync(db, row, cancellationToken));
}
