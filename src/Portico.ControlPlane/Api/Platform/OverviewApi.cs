using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Streams;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>All services and data stores of a workspace, once or as they change.</summary>
internal static class OverviewApi
{
    private static readonly StreamEnds Ends = new("The session has ended, or is no longer allowed to see this workspace.", "The stream has ended.");

    public static void MapOverview(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/overview", GetAsync).Needs(Permission.View);
        routes.MapGet("/stream", StreamAsync).Needs(Permission.View);
    }

    private static async Task<Ok<Overview>> GetAsync(string? ownerId, Caller caller, PorticoDb db, OverviewReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Overview(await reader.ReadAsync(db, caller.RequireWorkspace(ownerId), cancellationToken)));

    /// <summary>Streams an <see cref="OverviewChange"/> per text frame over a websocket; the first one has all rows.</summary>
    private static async Task StreamAsync(
        string? ownerId, Caller caller, OverviewFeed feed, WebSocketStreams sockets, OpenStreams streams, AccessWatch access, HttpContext context,
        CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(ownerId);
        if (!context.WebSockets.IsWebSocketRequest)
            throw Refusal.Invalid("Connection: this endpoint is a websocket. Send an upgrade request, or read /portico/v1/overview.");
        using var stream = streams.Open(caller);
        using var socket = await SessionSecretsIn.AcceptAsync(context);
        await sockets.RunAsync(
            socket, feed.FollowAsync(workspace, cancellationToken).Select(change => JsonSerializer.SerializeToUtf8Bytes(change, PlatformJson.Readable.OverviewChange)),
            ended => access.LostAsync(context.Request, Permission.View, workspace, ended), Ends, cancellationToken);
    }
}
