using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Portico.Edge.Sites;

/// <summary>Evaluates conditional requests (RFC 9110, 13).</summary>
internal static class ConditionalRequest
{
    /// <summary>Whether the client already has this content.</summary>
    public static bool IsNotModified(IHeaderDictionary request, SiteEntry entry, SiteVariant variant)
    {
        var tags = request.IfNoneMatch;
        if (tags.Count > 0)
            return ListsTag(tags, variant.ETag!);
        var since = request.IfModifiedSince;
        return since.Count == 1 && TryReadDate(since[0], out var date) && entry.LastModified <= date;
    }

    /// <summary>Whether a range may be sent: there is no <c>If-Range</c>, or it names exactly this content.</summary>
    public static bool AllowsRange(IHeaderDictionary request, SiteEntry entry, SiteVariant variant)
    {
        var ifRange = request.IfRange;
        if (ifRange.Count == 0)
            return true;
        var text = ifRange.ToString();
        return text == variant.ETag || (TryReadDate(text, out var date) && entry.LastModified == date);
    }

    /// <summary>Compares tags weakly, as <c>If-None-Match</c> requires.</summary>
    private static bool ListsTag(StringValues headers, string tag)
    {
        foreach (var header in headers)
        {
            foreach (var part in header.AsSpan().Split(','))
            {
                var item = header.AsSpan()[part].Trim();
                if (item.StartsWith("W/"))
                    item = item[2..];
                if (item is "*" || item.SequenceEqual(tag))
                    return true;
            }
        }
        return false;
    }

    private static bool TryReadDate(string? text, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
}
