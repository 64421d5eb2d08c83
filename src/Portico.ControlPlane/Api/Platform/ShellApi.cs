using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Shells;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Shells in running instances, and commands in sandboxes of their own, over websockets.</summary>
internal static class ShellApi
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    public static void MapShells(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services/{serviceId}/shell", OpenAsync).Needs(Permission.Operate);
        routes.MapGet("/services/{serviceId}/run", RunAsync).Needs(Permission.Operate);
    }

    private static async Task OpenAsync(
        string serviceId, string? instance, Caller caller, PorticoDb db, ShellTargets targets, ShellSessions sessions, AccessWatch access, HttpContext context, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var target = targets.InInstance(service, string.IsNullOrEmpty(instance) ? null : instance);
        RequireWebSocket(context);
        await ServeAsync(target, caller, sessions, access, context, cancellationToken);
    }

    private static async Task RunAsync(
        string serviceId, Caller caller, PorticoDb db, ShellSessions sessions, AccessWatch access, HttpContext context, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var target = ShellTargets.OfItsOwn(service);
        RequireWebSocket(context);
        await ServeAsync(target, caller, sessions, access, context, cancellationToken);
    }

    /// <exception cref="RefusedException">It is not a websocket, or a page of another site opens it with what the browser knows of its user.</exception>
    private static void RequireWebSocket(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw Refusal.Invalid("Connection: this endpoint is a websocket. Send an upgrade request, or use `portico shell` and `portico run`.");
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin, ..]
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase)))
            throw Refusal.Forbidden("Origin: pages of another site cannot open a shell.");
    }

    private static async Task ServeAsync(ShellTarget target, Caller caller, ShellSessions sessions, AccessWatch access, HttpContext context, CancellationToken cancellationToken)
    {
        using var place = sessions.Reserve(caller, target);
        var isSpoken = context.WebSockets.WebSocketRequestedProtocols.Contains(SessionSecretsIn.Protocol);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(isSpoken ? SessionSecretsIn.Protocol : null);
        using var client = new ShellSocket(socket);
        try
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            silence.CancelAfter(LongestSilence);
            if (await client.StartAsync(silence.Token) is not { } request)
                await client.EndAsync(new ShellResult(null, "The client did not say what to run."), cancellationToken);
            else
                await sessions.RunAsync(target, request, caller, token => access.FindAsync(context.Request, token), client, context.Request.Path, cancellationToken);
        }
        catch (RefusedException refused)
        {
            await client.EndAsync(new ShellResult(null, refused.Message), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client is gone, or has not said what to run.
        }
    }
}
