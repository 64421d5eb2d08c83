using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Logs as newline-delimited JSON, one line at a time as they appear.</summary>
internal static class LogsApi
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static void MapLogs(this IEndpointRouteBuilder routes) => routes.MapGet("/logs", ReadAsync).Needs(Permission.View);

    private static async Task ReadAsync(
        string resource, int? tail, bool? follow, bool? build, PorticoDb db, DeployLog log, AppLog app, Caller caller, OpenStreams streams, HttpContext context,
        CancellationToken cancellationToken)
    {
        if (tail is < 0)
            throw Refusal.Invalid("tail: must be 0 or more.");
        var lines = build == true
            ? BuildLinesAsync(log, await BuildAsync(db, caller, resource, cancellationToken), tail, follow == true, cancellationToken)
            : app.ReadAsync(await IdAsync(db, caller, resource, cancellationToken), tail, follow == true, cancellationToken);
        using var stream = follow == true ? streams.Open(caller) : null;
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync(cancellationToken);
        await foreach (var line in lines)
            await WriteAsync(context.Response, line, cancellationToken);
    }

    /// <summary>Returns the log of a deploy: the last lines, or all lines and then new ones.</summary>
    private static async IAsyncEnumerable<LogLine> BuildLinesAsync(
        DeployLog log, string deploy, int? tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kept = new Queue<LogLine>();
        await foreach (var line in log.ReadAsync(deploy, follow, cancellationToken))
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
            response.Body, new LogEntry(line.Source, line.Text), PlatformJson.Readable.LogEntry, cancellationToken);
        await response.Body.WriteAsync(NewLine, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <exception cref="RefusedException">404: no service or data store has this name or id.</exception>
    private static async Task<string> IdAsync(PorticoDb db, Caller caller, string resource, CancellationToken cancellationToken) =>
        await db.Services.VisibleTo(caller).Where(row => row.Name == resource || row.Id == resource).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken)
        ?? await db.DataStores.VisibleTo(caller).Where(row => row.Name == resource || row.Id == resource).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken)
        ?? throw Refusal.NotFound("service or data store", resource);

    /// <returns>The id of the service's newest deploy.</returns>
    /// <exception cref="RefusedException">404: no service with a deploy has this name or id.</exception>
    private static async Task<string> BuildAsync(PorticoDb db, Caller caller, string resource, CancellationToken cancellationToken)
    {
        var services = db.Services.VisibleTo(caller).Where(row => row.Name == resource || row.Id == resource).Select(row => row.Id);
        return await db.Deploys.Where(row => services.Contains(row.ServiceId)).OrderByDescending(row => row.Id).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("service with a build", resource);
    }
}
