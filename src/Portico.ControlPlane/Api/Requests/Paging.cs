using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Refusals;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>
/// The <c>cursor</c> and <c>limit</c> of a list. Lists are ordered by id, ascending or descending. A cursor is the id of the
/// last item that the client has, so items that are added or removed in the meantime neither repeat nor hide others.
/// </summary>
internal sealed class Paging
{
    private const int Default = 20, Most = 100;
    private readonly string? _cursor;

    private Paging(string? cursor, int limit) => (_cursor, Limit) = (cursor, limit);

    /// <summary>The maximum number of items, from 1 to 100.</summary>
    public int Limit { get; }

    public static string Cursor(string id) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(id));

    /// <exception cref="RefusedException">The cursor is not from this list.</exception>
    internal PageRequest OldestFirst<TId>() where TId : struct, IResourceId<TId> => new(After<TId>(), Limit, NewestFirst: false);

    /// <exception cref="RefusedException">The cursor is not from this list.</exception>
    internal PageRequest NewestFirst<TId>() where TId : struct, IResourceId<TId> => new(After<TId>(), Limit, NewestFirst: true);

    /// <param name="isKey">Whether a text can be a key of the list.</param>
    /// <exception cref="RefusedException">The cursor is not from this list.</exception>
    internal PageRequest Ascending(Func<string, bool> isKey) => new(After(isKey), Limit, NewestFirst: false);

    /// <returns>The key of the last item that the client has; null for the first page.</returns>
    /// <param name="isKey">Whether a text can be a key of the list.</param>
    /// <exception cref="RefusedException">The cursor is not from this list.</exception>
    internal string? After(Func<string, bool> isKey)
    {
        if (_cursor is null)
            return null;
        try
        {
            if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(_cursor)) is var text && isKey(text))
                return text;
        }
        catch (FormatException)
        {
            // Refused below, like a cursor of another list.
        }
        throw Refusal.Invalid("cursor: invalid. Use a cursor from an earlier page of this list.");
    }

    /// <remarks>Some of Render's lists have no cursors; the id of the last item is accepted instead.</remarks>
    private string? After<TId>() where TId : struct, IResourceId<TId> =>
        ResourceId.TryParse<TId>(_cursor, out _) ? _cursor : After(text => ResourceId.TryParse<TId>(text, out _));

    public static ValueTask<Paging> BindAsync(HttpContext context)
    {
        var cursor = context.Request.Query["cursor"].ToString();
        return ValueTask.FromResult(new Paging(cursor.Length == 0 ? null : cursor, ReadLimit(context.Request.Query["limit"].ToString())));
    }

    private static int ReadLimit(string text)
    {
        if (text.Length == 0)
            return Default;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Most
            ? limit
            : throw Refusal.Invalid($"limit: must be a whole number from 1 to {Most}.");
    }
}
