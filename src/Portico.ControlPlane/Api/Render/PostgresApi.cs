using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Storage;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Postgres databases.</summary>
internal static class PostgresApi
{
    private const string Closed = "Without an ipAllowList nobody outside the platform connects. ";
    private const string NotYet = "High availability, read replicas, disk autoscaling, connection pools and Datadog are refused.";

    public static void MapPostgres(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/postgres", ListAsync).Needs(Permission.View).Is("list-postgres");
        routes.MapPost("/postgres", CreateAsync).Needs(Permission.Manage).Is("create-postgres", Closed + NotYet);
        routes.MapGet("/postgres/{postgresId}", GetAsync).Needs(Permission.View).Is("retrieve-postgres");
        routes.MapPatch("/postgres/{postgresId}", UpdateAsync).Needs(Permission.Manage).Is("update-postgres", NotYet);
        routes.MapDelete("/postgres/{postgresId}", DeleteAsync).Needs(Permission.Manage)
            .Is("delete-postgres", "Refused with 409 while a variable refers to the database.");
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
        var page = await DataStoreLookup.PageAsync<PostgresId>(db, caller, DataStoreKind.Postgres, query, paging, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<PostgresWithCursor>>(
            [.. page.Select(item => new PostgresWithCursor(PostgresWire.ToWire(item.Row, item.Owner, settings), Paging.Cursor(item.Row.Id)))]);
    }

    private static async Task<Created<PostgresDetail>> CreateAsync(
        PostgresPostInput input, Caller caller, PorticoDb db, PostgresInput reader, DataStoreMaker maker, DataStoreChanges changes,
        PlatformSettings settings, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(input.OwnerId);
        var wanted = reader.Read(input);
        var environment = await Placement.RequireAsync(db, caller, workspace, input.EnvironmentId, cancellationToken);
        var taken = await ServiceFactory.TakenPortsAsync(db, cancellationToken);
        var row = maker.NewPostgres(workspace, DataStoreInput.Name(input.Name), wanted, input.DatabaseName, input.DatabaseUser, taken);
        row.EnvironmentId = environment;
        changes.Add(db, row, await Actor.OfAsync(db, caller, cancellationToken));
        caller.Involved.Resource = row.Id;
        await DataStoreInput.SaveAsync(db, row, cancellationToken);
        wakeups.Signal();
        return TypedResults.Created(
            $"/v1/postgres/{row.Id}", PostgresWire.ToDetail(row, await DataStoreLookup.OwnerAsync(db, row, cancellationToken), settings));
    }

    private static async Task<Ok<PostgresDetail>> GetAsync(
        string postgresId, Caller caller, PorticoDb db, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Ok(PostgresWire.ToDetail(row, await DataStoreLookup.OwnerAsync(db, row, cancellationToken), settings));
    }

    private static async Task<Ok<PostgresDetail>> UpdateAsync(
        string postgresId, PostgresPatchInput input, Caller caller, PorticoDb db, DataStoreChanges changes,
        PlatformSettings settings, Wakeups wakeups, CancellationToken cancellationToken)
    {
        caller.Involved.Call("UpdateIPAllowListEvent", input.IpAllowList.IsSet);
        var row = await db.EditAsync(async () =>
        {
            var current = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
            var wanted = PostgresInput.Read(input, current);
            if (input.Name.IsSet)
                await DataStoreReferences.RenameAsync(db, current, DataStoreInput.Name(input.Name.Value), cancellationToken);
            changes.Set(db, current, wanted, await Actor.OfAsync(db, caller, cancellationToken));
            await DataStoreInput.SaveAsync(db, current, cancellationToken);
            return current;
        });
        wakeups.Signal();
        return TypedResults.Ok(PostgresWire.ToDetail(row, await DataStoreLookup.OwnerAsync(db, row, cancellationToken), settings));
    }

    private static Task<NoContent> DeleteAsync(string postgresId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.DeleteAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);

    private static async Task<Ok<PostgresConnectionInfo>> ConnectAsync(
        string postgresId, Caller caller, PorticoDb db, PlatformSettings settings, CancellationToken cancellationToken) =>
        TypedResults.Ok(PostgresWire.ToConnectionInfo(
            await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken), settings));

    private static Task<Accepted> SuspendAsync(string postgresId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.SuspendAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);

    private static Task<Accepted> ResumeAsync(string postgresId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.ResumeAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);

    private static Task<Accepted> RestartAsync(string postgresId, Caller caller, DataStoreLife life, CancellationToken cancellationToken) =>
        life.RestartAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
}
