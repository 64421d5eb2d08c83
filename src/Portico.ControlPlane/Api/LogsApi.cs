using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Storage;
using Portico.Core.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api;

/// <summary>Logs as newline-delimited JSON, one line at a time as they appear.</summary>
public static class LogsApi
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static void MapLogs(this IEndpointRouteBuilder routes) => routes.MapGet("/logs", ReadAsync).Needs(Permission.View);

    private static async Task ReadAsync(
        string resource, int? tail, bool? follow, bool? build, IDbContextFactory<PorticoDb> databases, IEngine engine, DeployLog log,
        Caller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (tail is < 0)
        {
            await ApiErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "tail must be 0 or more.");
            return;
        }
        var query = await QueryAsync(databases, caller, resource, build == true, cancellationToken);
        if (query is null)
        {
            await ApiErrors.WriteAsync(context, StatusCodes.Status404NotFound,
                build == true ? $"There is no service '{resource}' with a build." : $"There is no resource '{resource}'.");
            return;
        }
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync(cancellationToken);
        var lines = build == true
            ? BuildLinesAsync(log, query, tail, follow == true, cancellationToken)
            : engine.ReadLogsAsync(query with { Tail = tail, Follow = follow == true }, cancellationToken);
        await foreach (var line in lines)
            await WriteAsync(context.Response, line, cancellationToken);
    }

    /// <summary>All of a deploy's log is written in one go, or followed from its beginning.</summary>
    private static async IAsyncEnumerable<LogLine> BuildLinesAsync(
        DeployLog log, LogQuery query, int? tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kept = new Queue<LogLine>();
        await foreach (var line in log.ReadAsync(query.Run!.Value.Value, follow, cancellationToken))
        {
            if (follow || tail is null)
                yield return line;
            else
                kept.Enqueue(line);
            if (kept.Count > tail)
                kept.Dequeue();
        }
        foreach (var line in kept)
            yield return line;
    }

    private static async Task WriteAsync(HttpResponse response, LogLine line, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(
            response.Body, new LogEntry(line.Source, line.Text), PlatformJson.Default.LogEntry, cancellationToken);
        await response.Body.WriteAsync(NewLine, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static async Task<LogQuery?> QueryAsync(
        IDbContextFactory<PorticoDb> databases, Caller caller, string resource, bool build, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var service = await db.Services.AsNoTracking().VisibleTo(caller)
            .FirstOrDefaultAsync(row => row.Name == resource || row.Id == resource, cancellationToken);
        if (service is not null)
            return build ? await BuildQueryAsync(db, service.Id, cancellationToken) : new LogQuery { Owner = service.Id };
        var store = await db.DataStores.AsNoTracking().VisibleTo(caller)
            .FirstOrDefaultAsync(row => row.Name == resource || row.Id == resource, cancellationToken);
        return store is null || build ? null : new LogQuery { Owner = store.Id };
    }

    private static async Task<LogQuery?> BuildQueryAsync(PorticoDb db, string service, CancellationToken cancellationToken)
    {
        var deploy = await db.Deploys.AsNoTracking().Where(row => row.ServiceId == service)
            .OrderByDescending(row => row.Id).Select(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return deploy is null ? null : new LogQuery { Run = RevisionFactory.BuildId(deploy) };
    }
}
