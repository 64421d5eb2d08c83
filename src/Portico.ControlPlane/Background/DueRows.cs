using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>Reads the rows that a loop works on in batches, so that rows that keep failing do not fill every batch.</summary>
internal static class DueRows
{
    /// <summary>Reads the first rows that are due, without those that failed and wait for their next attempt.</summary>
    /// <param name="due">The rows, in order. A row that failed stays due.</param>
    /// <param name="idOf">The name of a row among the items.</param>
    /// <returns>A full batch means that there may be more.</returns>
    public static async Task<List<T>> TakeAsync<T>(
        this ItemRetries items, IQueryable<T> due, Expression<Func<T, string>> idOf, int most, CancellationToken cancellationToken)
    {
        if (items.Failing.Count == 0)
            return await due.Take(most).ToListAsync(cancellationToken);
        var waiting = items.Waiting().ToList();
        Expression<Func<string, bool>> isFree = id => !waiting.Contains(id);
        var body = ReplacingExpressionVisitor.Replace(isFree.Parameters[0], idOf.Body, isFree.Body);
        var rows = await due.Where(Expression.Lambda<Func<T, bool>>(body, idOf.Parameters)).Take(most).ToListAsync(cancellationToken);
        // These are all that are due: one that failed, does not wait and is not among them is gone.
        if (rows.Count < most)
            items.KeepOnly(rows.Select(idOf.Compile()).Concat(waiting).ToHashSet(StringComparer.Ordinal));
        return rows;
    }
}
