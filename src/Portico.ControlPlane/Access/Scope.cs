using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Access;

/// <summary>Limits queries to what the caller may see. Every look-up that a caller triggers goes through these methods.</summary>
internal static class Scope
{
    /// <summary>Filters rows to the caller's workspaces, or to the given ones among them.</summary>
    public static IQueryable<T> VisibleTo<T>(this IQueryable<T> rows, Caller caller, IReadOnlyCollection<string>? owners = null)
        where T : class, IOwned
    {
        var workspaces = owners is { Count: > 0 } ? [.. caller.Workspaces.Intersect(owners)] : caller.Workspaces;
        return rows.Where(row => workspaces.Contains(row.WorkspaceId));
    }

    /// <summary>Finds the one row that matches, and checks the caller's permission.</summary>
    /// <param name="what">The kind of resource for the error message: <c>service</c>, <c>Postgres database</c>.</param>
    /// <exception cref="RefusedException">404 if there is no such row in the caller's workspaces; 403 if the role does not allow access, or
    /// if the row would be changed and is in a protected environment.</exception>
    public static async Task<T> GetAsync<T>(
        this IQueryable<T> rows, Caller caller, Expression<Func<T, bool>> match, string what, string id,
        CancellationToken cancellationToken)
        where T : class, IOwned
    {
        var row = await rows.FirstOrDefaultAsync(match, cancellationToken);
        if (row is null || !caller.IsMember(row.WorkspaceId))
            throw Refusal.NotFound(what, id);
        caller.RequireIn(row.WorkspaceId);
        caller.RequireChangesIn(row is EnvironmentRow environment ? environment.Id : (row as IPlaced)?.EnvironmentId);
        return row;
    }
}
