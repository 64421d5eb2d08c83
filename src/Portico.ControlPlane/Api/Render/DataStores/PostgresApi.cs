using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>Postgres databases.</summary>
internal static class PostgresApi
{
    private const string Closed = "Without an ipAllowList, clients outside the platform can't connect. ";
    private const string NotYet = "High availability, read replicas, disk autoscaling, connection pools and Datadog are not supported.";

    public static void MapPostgres(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/postgres", ListAsync).Needs(Permission.View).Is("list-postgres");
        routes.MapPost("/postgres", CreateAsync).Needs(Permission.Manage).Is("create-postgres", Closed + NotYet);
        routes.MapGet("/postgres/{postgresId}", GetAsync).Needs(Permission.View).Is("retrieve-postgres");
        routes.MapPatch("/postgres/{postgresId}", UpdateAsync).Needs(Permission.Manage).Is("update-postgres", NotYet);
        routes.MapDelete("/postgres/{postgresId}", DeleteAsync).Needs(Permission.Manage)
            .Is("delete-postgres", "A database that environment variables refer to can't be deleted (409).");
        routes.MapGet("/postgres/{postgresId}/connection-info", ConnectAsync).Needs(Permission.ViewSecrets).Is("retrieve-postgres-connection-info");
        routes.MapPost("/postgres/{postgresId}/suspend", SuspendAsync).Needs(Permission.Operate).Is("suspend-postgres");
        routes.MapPost("/postgres/{postgresId}/resume", ResumeAsync).Needs(Permission.Operate).Is("resume-postgres");
        routes.MapPost("/postgres/{postgresId}/restart", RestartAsync).Needs(Permission.Operate).Is("restart-postgres");
    }

    private static async Task<Ok<IReadOnlyList<PostgresWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, PlatformSettings settings, CancellationToken cancellationToken)
    {
        // There are no replicas: with and without them, the list is the same.
        _ = query.Flag("includeReplicas");
        var page = await DataStoreLists.PageAsync<PostgresId>(db, caller, DataStoreKind.Postgres, query, paging, cancellationToken);
        return page.Answer(item => new PostgresWithCursor(PostgresWire.ToWire(item.Row, item.Owner, settings), Paging.Cursor(item.Row.Id)));
    }

    private static async Task<Created<PostgresDetail>> CreateAsync(
        PostgresPostInput input, Caller caller, PorticoDb db, DataStoreWrites writes, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var row = await writes.CreateAsync(caller, input, cancellationToken);
        return TypedResults.Created(
            $"/v1/postgres/{row.Id}", PostgresWire.ToDetail(row, await DataStoreLists.OwnerAsync(db, row, cancellationToken), settings));
    }

    private static async Task<Ok<PostgresDetail>> GetAsync(
        string postgresId, Caller caller, PorticoDb db, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Ok(PostgresWire.ToDetail(row, await DataStoreLists.OwnerAsync(db, row, cancellationToken), settings));
    }

    private static async Task<Ok<PostgresDetail>> UpdateAsync(
        string postgresId, PostgresPatchInput input, Caller caller, PorticoDb db, DataStoreWrites writes, PlatformSettings settings,
        CancellationToken cancellationToken)
    {
        var row = await writes.UpdateAsync(caller, postgresId, input, cancellationToken);
        return TypedResults.Ok(PostgresWire.ToDetail(row, await DataStoreLists.OwnerAsync(db, row, cancellationToken), settings));
    }

    private static async Task<NoContent> DeleteAsync(string postgresId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.DeleteAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<PostgresConnectionInfo>> ConnectAsync(
        string postgresId, Caller caller, PorticoDb db, DataStoreAddresses addresses, CancellationToken cancellationToken) =>
        TypedResults.Ok(PostgresWire.ToConnectionInfo(
            await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken), addresses));

    private static async Task<Accepted> SuspendAsync(string postgresId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.SuspendAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Accepted> ResumeAsync(string postgresId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.ResumeAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Accepted> RestartAsync(string postgresId, Caller caller, DataStoreOperations operations, CancellationToken cancellationToken)
    {
        await operations.RestartAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
