using System.Linq.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>Which page of a list to read.</summary>
/// <param name="After">The key of the last item that the client has; null for the first page.</param>
/// <param name="Limit">The largest number of items.</param>
/// <param name="NewestFirst">Whether keys descend.</param>
internal sealed record PageRequest(string? After, int Limit, bool NewestFirst);

/// <summary>Reads pages of lists.</summary>
internal static class Pages
{
    /// <param name="key">A unique column, which the list is ordered by.</param>
    public static Task<List<T>> PageAsync<T>(
        this IQueryable<T> rows, PageRequest page, Expression<Func<T, string>> key, CancellationToken cancellationToken) =>
        rows.From(page, key).Take(page.Limit).ToListAsync(cancellationToken);

    /// <param name="matches">A filter on values that the database cannot look into; null if the request has none.</param>
    public static Task<List<T>> PageAsync<T>(
        this IQueryable<T> rows, PageRequest page, Expression<Func<T, string>> key, Func<T, bool>? matches, CancellationToken cancellationToken) =>
        matches is null
            ? rows.PageAsync(page, key, cancellationToken)
            : rows.From(page, key).AsAsyncEnumerable().Where(matches).Take(page.Limit).ToListAsync(cancellationToken).AsTask();

    public static Ok<IReadOnlyList<TItem>> Answer<T, TItem>(this IEnumerable<T> page, Func<T, TItem> toItem) =>
        TypedResults.Ok<IReadOnlyList<TItem>>([.. page.Select(toItem)]);

    private static IQueryable<T> From<T>(this IQueryable<T> rows, PageRequest page, Expression<Func<T, string>> key)
    {
        if (page.After is { } after)
        {
            Expression<Func<string>> parameter = () => after;
            var comparison = Expression.Call(key.Body, typeof(string).GetMethod(nameof(string.CompareTo), [typeof(string)])!, parameter.Body);
            var zero = Expression.Constant(0);
            var isBehind = page.NewestFirst ? Expression.LessThan(comparison, zero) : Expression.GreaterThan(comparison, zero);
            rows = rows.Where(Expression.Lambda<Func<T, bool>>(isBehind, key.Parameters));
        }
        return page.NewestFirst ? rows.OrderByDescending(key) : rows.OrderBy(key);
    }
}
