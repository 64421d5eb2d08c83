using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Render.Logs;
using Portico.ControlPlane.Api.Streams;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Logs for a page that shows millions of lines: in large pages in both directions, counted over time, followed, and as a file.</summary>
/// <remarks>They take the filters of Render's <c>/v1/logs</c>. Without a resource, they are about the whole workspace.</remarks>
internal static class LogExplorerApi
{
    private const int Parts = 120, LinesBetweenFlushes = 2000;

    private static readonly StreamEnds Ends = new("The session has ended, or is no longer allowed to read these logs.", "There are no more lines before endTime.");

    public static void MapLogExplorer(this IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/logs");
        logs.MapGet("/lines", LinesAsync).Needs(Permission.View);
        logs.MapGet("/histogram", HistogramAsync).Needs(Permission.View);
        logs.MapGet("/follow", FollowAsync).Needs(Permission.View);
        logs.MapGet("/download", DownloadAsync).Needs(Permission.View);
    }

    /// <summary>Returns the lines before or after an id, or around it; without one, the newest.</summary>
    private static async Task<Ok<LogLines>> LinesAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogSearch search, LogLoop loop, CancellationToken cancellationToken)
    {
        var filter = await LogAccess.FilterOfWorkspaceAsync(query, caller, db, store, cancellationToken);
        var (place, limit) = (query.Place, query.PageLimit);
        store.Open();
        await loop.CatchUpAsync(cancellationToken);
        // Lines that come later get later times, but maybe earlier ones than now. So a page ends with the newest line, and what follows it misses none.
        var range = query.WholeRange(store.Last);
        return TypedResults.Ok(LogAccess.Searched(() => place switch
        {
            { Side: LogSide.After, Id: var id } => Newer(search, filter, range, id.Next, limit, cancellationToken),
            { Side: LogSide.Around, Id: var id } => LogLinesWire.Joined(
                Older(search, filter, range, id.Previous, limit / 2, cancellationToken), Newer(search, filter, range, id, limit - (limit / 2), cancellationToken)),
            { Id: var id } => Older(search, filter, range, id.Previous, limit, cancellationToken),
            null => Older(search, filter, range, range.Last, limit, cancellationToken),
        }));
    }

    private static LogLines Older(LogSearch search, LogFilter filter, LogRange range, LogTime last, int limit, CancellationToken cancellationToken)
    {
        var asked = range with { Last = last < range.Last ? last : range.Last };
        var page = asked.First > asked.Last ? new LogPage([], false, asked) : search.Find(filter, asked, LogOrder.NewestFirst, limit, cancellationToken);
        return LogLinesWire.Of(
            page.Logs.Reverse(), asked with { First = page.HasMore ? page.Rest.Last.Next : asked.First }, hasOlder: page.HasMore, hasNewer: last < range.Last);
    }

    private static LogLines Newer(LogSearch search, LogFilter filter, LogRange range, LogTime first, int limit, CancellationToken cancellationToken)
    {
        var asked = range with { First = first > range.First ? first : range.First };
        var page = asked.First > asked.Last ? new LogPage([], false, asked) : search.Find(filter, asked, LogOrder.OldestFirst, limit, cancellationToken);
        return LogLinesWire.Of(
            page.Logs, asked with { Last = page.HasMore ? page.Rest.First.Previous : asked.Last }, hasOlder: first > range.First, hasNewer: page.HasMore);
    }

    private static async Task<Ok<LogHistogram>> HistogramAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogCounter counter, LogLoop loop, TimeProvider time, CancellationToken cancellationToken)
    {
        var filter = await LogAccess.FilterOfWorkspaceAsync(query, caller, db, store, cancellationToken);
        await loop.CatchUpAsync(cancellationToken);
        var range = query.Range(LogAccess.Newest(store, time));
        return TypedResults.Ok(LogLinesWire.Of(LogAccess.Searched(() => counter.Count(filter, range, Parts, cancellationToken))));
    }

    /// <summary>Streams a <see cref="LogLines"/> per text frame over a websocket, from the id on that <c>after</c> names, or from now.</summary>
    private static async Task FollowAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogTail tail, WebSocketStreams sockets, OpenStreams streams, AccessWatch access, HttpContext context,
        CancellationToken cancellationToken)
    {
        var filter = await LogAccess.FilterOfWorkspaceAsync(query, caller, db, store, cancellationToken);
        var workspace = caller.RequireWorkspace(query.OwnerId);
        var from = query.Place is { } place ? place.Id.Next : store.Last.Next;
        if (!context.WebSockets.IsWebSocketRequest)
            throw Refusal.Invalid("Connection: this endpoint is a websocket. Send an upgrade request, or read lines from /portico/v1/logs/lines.");
        using var stream = streams.Open(caller);
        using var socket = await SessionSecretsIn.AcceptAsync(context);
        await sockets.RunAsync(
            socket, tail.FollowInBatchesAsync(filter, from, query.End, cancellationToken)
                .Select(lines => JsonSerializer.SerializeToUtf8Bytes(LogLinesWire.Of(lines, new LogRange(lines[0].Time, lines[^1].Time), false, true), PlatformJson.Readable.LogLines)),
            ended => access.LostAsync(context.Request, Permission.View, workspace, ended), Ends, cancellationToken);
    }

    /// <summary>Sends every line that matches, as text.</summary>
    private static async Task DownloadAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogTail tail, LogLoop loop, HttpContext context, CancellationToken cancellationToken)
    {
        var filter = await LogAccess.FilterOfWorkspaceAsync(query, caller, db, store, cancellationToken);
        store.Open();
        await loop.CatchUpAsync(cancellationToken);
        var range = query.WholeRange(store.Last);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"logs.txt\"";
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(false), leaveOpen: true);
        var written = 0;
        foreach (var line in tail.Read(filter, range, cancellationToken))
        {
            await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{line.Time} {line.Labels.Level.ToWord(),-7} [{line.Labels.Instance ?? line.Labels.Resource}] {line.Message}\n"));
            if (++written % LinesBetweenFlushes == 0)
                await writer.FlushAsync(cancellationToken);
        }
    }
}
