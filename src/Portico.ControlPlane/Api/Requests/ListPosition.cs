using System.Globalization;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>Pages of a list with an order of its own. A cursor contains a position and the item that was there.</summary>
internal static class ListPosition
{
    public static string Cursor(int position, string id) => Paging.Cursor(string.Create(CultureInfo.InvariantCulture, $"{position}.{id}"));

    /// <summary>
    /// Returns the items of a page with their positions. The page continues after the cursor's item, wherever it is now, or
    /// after its old position if it no longer exists.
    /// </summary>
    public static IEnumerable<(T Item, int Position)> Page<T>(this IReadOnlyList<T> items, Paging paging, Func<T, string> idOf, Func<T, bool> matches)
    {
        var start = 0;
        if (paging.After(static text => Parse(text) is not null) is { } after && Parse(after) is { } last)
        {
            var now = items.ToList().FindIndex(item => idOf(item) == last.Id);
            start = now >= 0 ? now + 1 : Math.Min(last.Position, items.Count);
        }
        return items.Select((item, i) => (item, i)).Skip(start).Where(pair => matches(pair.item)).Take(paging.Limit);
    }

    private static (int Position, string Id)? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? (position, text[(dot + 1)..])
            : null;
    }
}
