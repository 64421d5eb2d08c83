using System.Text.Json;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>Reads a list to its end with small and with large pages: both must show the same items in the same order.</summary>
internal sealed class Paging(RenderClient client)
{
    private const int MostPages = 500;

    public async Task CheckAsync(Call call)
    {
        var plain = call with { Query = string.Join('&', call.Query.Split('&').Where(part => !part.StartsWith("limit=", StringComparison.Ordinal) && !part.StartsWith("cursor=", StringComparison.Ordinal))) };
        var large = await ReadAsync(plain, 100);
        var small = await ReadAsync(plain, 1);
        if (large.Distinct(StringComparer.Ordinal).Count() != large.Count)
            client.Report.Complain(plain, $"shows an item twice with limit 100: {string.Join(' ', large)}");
        if (!small.SequenceEqual(large))
            client.Report.Complain(plain, $"shows other items with limit 1 than with limit 100:\n    {string.Join(' ', small)}\n    {string.Join(' ', large)}");
    }

    private async Task<List<string>> ReadAsync(Call call, int limit)
    {
        var items = new List<string>();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await client.ExchangeAsync(call.WithQuery(cursor is null ? $"limit={limit}" : $"limit={limit}&cursor={Uri.EscapeDataString(cursor)}"));
            if (answer is not { Status: 200, Json: { ValueKind: JsonValueKind.Array } list })
                return items;
            if (list.GetArrayLength() > limit)
                client.Report.Complain(call, $"shows {list.GetArrayLength()} items with limit {limit}");
            items.AddRange(list.EnumerateArray().Select(WithoutCursor));
            cursor = list.EnumerateArray().LastOrDefault() is { ValueKind: JsonValueKind.Object } last ? CursorOf(last) : null;
            // A full page may be the last one; only an empty page, or one that is not full, ends a list.
            if (cursor is null || list.GetArrayLength() < limit)
                return items;
        }
        client.Report.Complain(call, $"does not end within {MostPages} pages of {limit}");
        return items;
    }

    /// <summary>Some lists are bare, without cursors; the id takes its place.</summary>
    private static string? CursorOf(JsonElement item) =>
        item.TryGetProperty("cursor", out var cursor) || item.TryGetProperty("id", out cursor) ? cursor.GetString() : null;

    private static string WithoutCursor(JsonElement item) => item.ValueKind != JsonValueKind.Object ? item.GetRawText()
        : string.Join(',', item.EnumerateObject().Where(property => property.Name != "cursor").Select(property => property.Value.GetRawText()));
}
