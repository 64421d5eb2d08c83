using System.Linq.Expressions;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>The filters that many lists share.</summary>
internal static class ListFilters
{
    /// <summary>Keeps the rows whose value is one of <paramref name="wanted"/>, or all rows if none are given.</summary>
    public static IQueryable<T> Among<T, TValue>(this IQueryable<T> rows, IReadOnlyList<TValue> wanted, Expression<Func<T, TValue>> value)
    {
        if (wanted.Count == 0)
            return rows;
        Expression<Func<IEnumerable<TValue>>> parameter = () => wanted;
        return rows.Where(value, Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(TValue)], parameter.Body, value.Body));
    }

    /// <summary>Applies <c>createdBefore</c> and <c>createdAfter</c>, and so on. The bounds themselves are excluded.</summary>
    /// <param name="name">The first part of both names, for example <c>created</c>.</param>
    public static IQueryable<T> Between<T>(this IQueryable<T> rows, Query query, string name, Expression<Func<T, DateTimeOffset?>> time)
    {
        var bounds = query.Bounds(name);
        return rows.Compare(time, bounds.Before, Expression.LessThan).Compare(time, bounds.After, Expression.GreaterThan);
    }

    /// <summary>Applies <c>startTime</c> and <c>endTime</c>. The bounds themselves are included.</summary>
    public static IQueryable<T> During<T>(this IQueryable<T> rows, Query query, Expression<Func<T, DateTimeOffset?>> time) => rows
        .Compare(time, query.Time("startTime"), Expression.GreaterThanOrEqual)
        .Compare(time, query.Time("endTime"), Expression.LessThanOrEqual);

    private static IQueryable<T> Compare<T>(
        this IQueryable<T> rows, Expression<Func<T, DateTimeOffset?>> time, DateTimeOffset? bound, Func<Expression, Expression, Expression> comparison)
    {
        if (bound is null)
            return rows;
        // A captured variable becomes a parameter of the query, so one query plan serves every bound.
        Expression<Func<DateTimeOffset?>> parameter = () => bound;
        return rows.Where(time, comparison(time.Body, parameter.Body));
    }

    private static IQueryable<T> Where<T, TValue>(this IQueryable<T> rows, Expression<Func<T, TValue>> value, Expression condition) =>
        rows.Where(Expression.Lambda<Func<T, bool>>(condition, value.Parameters));
}
