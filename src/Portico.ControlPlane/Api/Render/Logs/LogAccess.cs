using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Render.Logs;

/// <summary>What all endpoints do that read logs: check the resources, and search.</summary>
internal static class LogAccess
{
    /// <exception cref="RefusedException">A parameter is invalid, or names a resource that the caller cannot see.</exception>
    public static async Task<LogFilter> FilterAsync(LogsQuery query, Caller caller, PorticoDb db, LogStore store, CancellationToken cancellationToken)
    {
        var owner = caller.RequireWorkspace(query.OwnerId);
        var resources = query.Resources;
        await LogResources.RequireAsync(resources, owner, caller, db, store, cancellationToken);
        return query.Filter(resources);
    }

    /// <summary>As <see cref="FilterAsync"/>; without a resource, all services and data stores of the workspace.</summary>
    public static async Task<LogFilter> FilterOfWorkspaceAsync(LogsQuery query, Caller caller, PorticoDb db, LogStore store, CancellationToken cancellationToken)
    {
        if (query.HasResources)
            return await FilterAsync(query, caller, db, store, cancellationToken);
        var owner = caller.RequireWorkspace(query.OwnerId);
        return query.Filter(await db.Services.AsNoTracking().VisibleTo(caller, [owner]).Select(row => row.Id)
            .Concat(db.DataStores.AsNoTracking().VisibleTo(caller, [owner]).Select(row => row.Id)).ToListAsync(cancellationToken));
    }

    /// <summary>Returns the time of the newest stored line, or the present.</summary>
    public static LogTime Newest(LogStore store, TimeProvider time)
    {
        var now = LogTime.From(time.GetUtcNow());
        return store.Last > now ? store.Last : now;
    }

    /// <exception cref="RefusedException">A regular expression took too long.</exception>
    public static T Searched<T>(Func<T> search)
    {
        try
        {
            return search();
        }
        catch (RegexMatchTimeoutException)
        {
            throw Refusal.Invalid("text: a regular expression took too long. Simplify it.");
        }
    }
}
