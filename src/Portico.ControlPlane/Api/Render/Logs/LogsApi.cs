using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Api.Streams;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render.Logs;

/// <summary>The logs of services, builds, jobs and data stores, and request logs.</summary>
internal static class LogsApi
{
    private static readonly StreamEnds Ends = new(
        "The API key is revoked, expired or no longer allowed to read these logs.", "There are no more lines before endTime.");

    public static void MapLogSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/logs", ListAsync).Needs(Permission.View).Is("list-logs", "`task`, `taskRun` and `sandbox` are not supported because Portico has no workflows");
        routes.MapGet("/logs/values", ListValuesAsync).Needs(Permission.View).Is("list-logs-values", "`task`, `taskRun` and `sandbox` are not supported because Portico has no workflows");
        routes.MapGet("/logs/subscribe", SubscribeAsync).Needs(Permission.View).Is("subscribe-logs", "`task`, `taskRun` and `sandbox` are not supported because Portico has no workflows");
    }

    private static async Task<Ok<Portico.Api.Contracts.Render.Logs>> ListAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogSearch search, LogLoop loop, TimeProvider time, CancellationToken cancellationToken)
    {
        var filter = await LogAccess.FilterAsync(query, caller, db, store, cancellationToken);
        var (order, limit) = (query.Order, query.Limit);
        _ = query.Range(LogTime.End);
        await loop.CatchUpAsync(cancellationToken);
        var page = LogAccess.Searched(() => search.Find(filter, query.Range(LogAccess.Newest(store, time)), order, limit, cancellationToken));
        return TypedResults.Ok(new Portico.Api.Contracts.Render.Logs
        {
            HasMore = page.HasMore,
            NextStartTime = page.Rest.First.ToString(),
            NextEndTime = page.Rest.Last.ToString(),
            Lines = [.. page.Logs.Select(ToWire)],
        });
    }

    private static async Task<Ok<IReadOnlyList<string>>> ListValuesAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogSearch search, LogLoop loop, TimeProvider time, CancellationToken cancellationToken)
    {
        var label = query.Label;
        var filter = await LogAccess.FilterAsync(query, caller, db, store, cancellationToken);
        var (order, most) = (query.Order, query.GivenLimit ?? int.MaxValue);
        _ = query.Range(LogTime.End);
        await loop.CatchUpAsync(cancellationToken);
        var values = LogAccess.Searched(() => search.Values(label, filter, query.Range(LogAccess.Newest(store, time)), order, cancellationToken));
        return TypedResults.Ok<IReadOnlyList<string>>([.. values.Take(most)]);
    }

    /// <summary>
    /// Streams lines over a websocket, one per text frame. Clients also send <c>direction</c> and <c>limit</c>, which are
    /// ignored here.
    /// </summary>
    private static async Task SubscribeAsync(
        LogsQuery query, Caller caller, PorticoDb db, LogStore store, LogTail tail, WebSocketStreams subscriptions, OpenStreams streams, AccessWatch access, HttpContext context,
        CancellationToken cancellationToken)
    {
        var filter = await LogAccess.FilterAsync(query, caller, db, store, cancellationToken);
        _ = (query.Order, query.GivenLimit, query.Range(LogTime.End));
        if (!context.WebSockets.IsWebSocketRequest)
            throw Refusal.Invalid("Connection: this endpoint is a websocket. Send an upgrade request, or read lines from /v1/logs.");
        using var stream = streams.Open(caller);
        // Taken before the client hears that it is connected: what is written from then on is new to it.
        var from = query.Start ?? store.Last.Next;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await subscriptions.RunAsync(
            socket, tail.FollowAsync(filter, from, query.End, cancellationToken).Select(line => JsonSerializer.SerializeToUtf8Bytes(ToWire(line), LogsJson.Readable.Log)),
            ended => access.LostAsync(context.Request, Permission.View, query.OwnerId!, ended), Ends, cancellationToken);
    }

    private static Log ToWire(StoredLog line) => new()
    {
        Id = line.Time.Nanoseconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Message = line.Message,
        Timestamp = line.Time.ToString(),
        Labels = [.. Labels(line).Where(label => label.Value is not null).Select(label => new LogLabel(label.Name, label.Value!))],
    };

    private static IEnumerable<(string Name, string? Value)> Labels(StoredLog line) =>
    [
        ("resource", line.Labels.Resource), ("type", line.Labels.Type.ToWord()), ("level", line.Labels.Level.ToWord()), ("instance", line.Labels.Instance),
        ("host", line.Labels.Host), ("statusCode", line.Labels.StatusCode), ("method", line.Labels.Method), ("path", line.Path),
    ];
}
