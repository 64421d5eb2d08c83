using System.Linq.Expressions;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Time filters of a list, such as <c>createdBefore</c> and <c>createdAfter</c>. Both bounds are exclusive.</summary>
internal static class TimeFilters
{
    /// <param name="name">The name of the pair, for example <c>created</c>.</param>
    public static IQueryable<T> Between<T>(
        this IQueryable<T> rows, Query query, string name, Expression<Func<T, DateTimeOffset?>> time)
    {
        if (query.Time($"{name}Before") is { } before)
            rows = rows.Where(Compare(time, before, Expression.LessThan));
        if (query.Time($"{name}After") is { } after)
            rows = rows.Where(Compare(time, after, Expression.GreaterThan));
        return rows;
    }

    private static Expression<Func<T, bool>> Compare<T>(
        Expression<Func<T, DateTimeOffset?>> time, DateTimeOffset bound, Func<Expression, Expression, Expression> comparison)
    {
        // A parameter of the query, not a constant in it: one plan serves every bound.
        Expression<Func<DateTimeOffset?>> value = () => bound;
        return Expression.Lambda<Func<T, bool>>(comparison(time.Body, value.Body), time.Parameters);
    }
}
