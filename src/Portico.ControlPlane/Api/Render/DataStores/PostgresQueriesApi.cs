using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>The running and slow queries of a Postgres database, read from the database itself.</summary>
internal static class PostgresQueriesApi
{
    public static void MapPostgresQueries(this IEndpointRouteBuilder routes)
    {
        // Text of queries may hold what is secret.
        var queries = routes.MapGroup("/postgres/{postgresId}/query");
        queries.MapGet("/processes", ListProcessesAsync).Needs(Permission.ViewSecrets).Is("list-postgres-processes");
        queries.MapGet("/sizes", ListSizesAsync).Needs(Permission.View).Is("list-postgres-sizes");
        queries.MapGet("/table-scans", ListTableScansAsync).Needs(Permission.View).Is("list-postgres-table-scans");
        queries.MapGet("/top-queries", ListTopQueriesAsync).Needs(Permission.ViewSecrets).Is(
            "list-postgres-top-queries", "fails if PostgreSQL was installed without pg_stat_statements (its contrib package)");
    }

    private static async Task<Ok<PostgresProcessesResult>> ListProcessesAsync(
        string postgresId, Caller caller, PorticoDb db, IPostgresInspector inspector, DataStoreAddresses addresses, CancellationToken cancellationToken)
    {
        var (_, sessions) = await AskAsync(postgresId, caller, db, addresses, inspector.ListSessionsAsync, cancellationToken);
        return TypedResults.Ok(new PostgresProcessesResult([.. sessions.Select(item => new PostgresProcess(
            item.Pid, item.Database, item.User, item.Application, item.ClientAddress, item.Since, item.QueryStart, item.State,
            item.WaitEvent, item.WaitEventType, item.Query, item.Duration?.TotalSeconds, item.IsLeader))]));
    }

    private static async Task<Ok<PostgresSizesResult>> ListSizesAsync(
        string postgresId, Caller caller, PorticoDb db, IPostgresInspector inspector, DataStoreAddresses addresses, CancellationToken cancellationToken)
    {
        var (database, sizes) = await AskAsync(postgresId, caller, db, addresses, inspector.ListSizesAsync, cancellationToken);
        return TypedResults.Ok(new PostgresSizesResult(
            [.. sizes.Select(item => new PostgresSize(database, item.Schema, item.Table, item.Index ?? "", item.Bytes))]));
    }

    private static async Task<Ok<PostgresTableScansResult>> ListTableScansAsync(
        string postgresId, Caller caller, PorticoDb db, IPostgresInspector inspector, DataStoreAddresses addresses, CancellationToken cancellationToken)
    {
        var (database, scans) = await AskAsync(postgresId, caller, db, addresses, inspector.ListTableScansAsync, cancellationToken);
        return TypedResults.Ok(new PostgresTableScansResult(
            [.. scans.Select(item => new PostgresTableScan(database, item.Schema, item.Table, item.Scans))]));
    }

    private static async Task<Ok<PostgresTopQueriesResult>> ListTopQueriesAsync(
        string postgresId, Caller caller, PorticoDb db, IPostgresInspector inspector, DataStoreAddresses addresses, CancellationToken cancellationToken)
    {
        var (_, statements) = await AskAsync(postgresId, caller, db, addresses, inspector.ListTopStatementsAsync, cancellationToken);
        return TypedResults.Ok(new PostgresTopQueriesResult([.. statements.Select(ToWire)]));
    }

    /// <exception cref="RefusedException">409: the database is not running or does not provide the data.</exception>
    private static async Task<(string Database, IReadOnlyList<T> Found)> AskAsync<T>(
        string id, Caller caller, PorticoDb db, DataStoreAddresses addresses, Func<PostgresSpec, Core.Engines.InstanceAddress, CancellationToken, Task<IReadOnlyList<T>>> ask,
        CancellationToken cancellationToken)
    {
        var row = await db.DataStores.AsNoTracking().GetStoreAsync(caller, DataStoreKind.Postgres, id, cancellationToken);
        if (row.Status != DataStoreStatus.Available)
            throw Refusal.Conflict($"'{row.Name}' can only be queried while it is available. Its status is {PostgresWire.StatusOf(row)}.");
        try
        {
            return (row.Identity.DatabaseName!, await ask(DataStoreFactory.SpecOf(row), addresses.Of(row), cancellationToken));
        }
        catch (DataStoreException exception)
        {
            throw Refusal.Conflict(exception.Message);
        }
    }

    private static PostgresQueryStatistic ToWire(PostgresStatement item) => new()
    {
        QueryId = item.Id,
        Query = item.Text,
        Calls = item.Calls,
        TotalTimeMs = item.TotalTime,
        MinTimeMs = item.LeastTime,
        MaxTimeMs = item.MostTime,
        MeanTimeMs = item.MeanTime,
        StddevTimeMs = item.TimeDeviation,
        Rows = item.Rows,
        SharedBlocksHit = item.Shared.Hit,
        SharedBlocksRead = item.Shared.Read,
        SharedBlocksDirtied = item.Shared.Dirtied,
        SharedBlocksWritten = item.Shared.Written,
        LocalBlocksHit = item.Local.Hit,
        LocalBlocksRead = item.Local.Read,
        LocalBlocksDirtied = item.Local.Dirtied,
        LocalBlocksWritten = item.Local.Written,
        TempBlocksRead = item.TemporaryRead,
        TempBlocksWritten = item.TemporaryWritten,
    };
}
