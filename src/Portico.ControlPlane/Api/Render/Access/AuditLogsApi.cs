using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Access;

/// <summary>The audit log of a workspace.</summary>
internal static class AuditLogsApi
{
    public static void MapAuditLogs(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/owners/{ownerId}/audit-logs", ListAsync).Needs(Permission.Administer).Is(
            "list-owner-audit-logs", differs: "the log records every change; a change without an event name in Render is named after its operation, as in RestartServiceEvent; reads of secrets are not recorded");

    private static async Task<Ok<IReadOnlyList<AuditLogWithCursor>>> ListAsync(
        string ownerId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        var rows = db.AuditLogs.AsNoTracking().Where(row => row.WorkspaceId == ownerId).During(query, row => row.At);
        var request = IsForward(query) ? paging.OldestFirst<AuditLogId>() : paging.NewestFirst<AuditLogId>();
        var page = await rows.PageAsync(request, row => row.Id, cancellationToken);
        return page.Answer(row => new AuditLogWithCursor(ToWire(row), Paging.Cursor(row.Id)));
    }

    private static bool IsForward(Query query) => query.Text("direction") switch
    {
        null or "backward" => false,
        "forward" => true,
        var other => throw Refusal.Invalid($"direction: unknown value '{other}'; use forward or backward."),
    };

    private static bool IsSession(AuditRow row) => row.KeyId?.StartsWith(SessionId.Prefix, StringComparison.Ordinal) == true;

    private static AuditLogEntry ToWire(AuditRow row)
    {
        var metadata = new Dictionary<string, string>
        {
            ["method"] = row.Method,
            ["path"] = row.Path,
            ["statusCode"] = row.Status.ToString(CultureInfo.InvariantCulture),
        };
        if (row.ResourceId is { } resource)
            metadata["resourceId"] = resource;
        if (row.KeyId is { } key)
            metadata[IsSession(row) ? "sessionId" : "apiKeyId"] = key;
        return new AuditLogEntry
        {
            Id = row.Id,
            Timestamp = row.At,
            Event = row.Event,
            Status = row.Status < StatusCodes.Status400BadRequest ? "success" : "error",
            Actor = new AuditLogActor { Type = IsSession(row) ? "user" : "rest_api", Email = row.UserEmail, Id = row.UserId },
            Metadata = metadata,
        };
    }
}
