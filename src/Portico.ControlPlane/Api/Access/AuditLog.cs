using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Access;

/// <summary>
/// Records who changed what, and the result, before the response is sent. It never reads request bodies, so it contains no
/// secrets.
/// </summary>
internal sealed partial class AuditLog(IDbContextFactory<PorticoDb> databases, IdSource ids, TimeProvider time, ILogger<AuditLog> logger)
{
    private const int LongestPath = 500;

    internal Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        var isChange = !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
        if (isChange && context.GetEndpoint() is RouteEndpoint endpoint && AuditEvents.IsChange(endpoint))
        {
            // Looked at now: an error's answer begins without them.
            var resource = ResourceIn(endpoint, context.Request.RouteValues);
            context.Response.OnStarting(() => RecordAsync(context, endpoint, resource));
        }
        return next(context);
    }

    private async Task RecordAsync(HttpContext context, RouteEndpoint endpoint, string? resource)
    {
        if (context.Features.Get<Caller>() is not { AuditTargets.OnlyLooks: false } caller)
            return;
        try
        {
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            foreach (var workspace in WorkspacesOf(caller, context.Response.StatusCode))
                foreach (var name in AuditEvents.NamesOf(context.Request.Method, endpoint, caller.AuditTargets, resource))
                    db.AuditLogs.Add(Row(context, name, caller, workspace, resource));
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException exception)
        {
            // The change is made already: to tell its maker that it failed would be wrong.
            LogFailed(exception, context.Request.Method, context.Request.Path);
        }
    }

    /// <summary>
    /// Returns the workspaces to write an entry for. A request that names no workspace concerns all of the caller's; if it
    /// failed, it is recorded only if the caller has just one.
    /// </summary>
    private static IEnumerable<string> WorkspacesOf(Caller caller, int status)
    {
        if (caller.AuditTargets.Workspaces.Count > 0)
            return caller.AuditTargets.Workspaces;
        return status < StatusCodes.Status400BadRequest || caller.Roles.Count == 1 ? caller.Roles.Keys : [];
    }

    private AuditRow Row(HttpContext context, string name, Caller caller, string workspace, string? resource)
    {
        var path = context.Request.Path.Value ?? "";
        return new AuditRow
        {
            Id = ids.New<AuditLogId>().Value,
            WorkspaceId = workspace,
            At = time.GetUtcNow(),
            Event = name,
            UserId = caller.UserId,
            UserEmail = caller.Email,
            KeyId = caller.KeyId,
            Method = context.Request.Method,
            Path = path.Length > LongestPath ? path[..LongestPath] : path,
            ResourceId = caller.AuditTargets.Resource ?? resource,
            Status = context.Response.StatusCode,
        };
    }

    /// <summary>
    /// Returns the first id in the path other than the workspace: <c>/services/{serviceId}/deploys/{deployId}</c> is about
    /// the service.
    /// </summary>
    private static string? ResourceIn(RouteEndpoint endpoint, RouteValueDictionary values) => endpoint.RoutePattern.Parameters
        .Where(parameter => parameter.Name != "ownerId").Select(parameter => values[parameter.Name]?.ToString()).FirstOrDefault();

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not write {Method} {Path} to the audit log.")]
    private partial void LogFailed(Exception exception, string method, string path);
}
