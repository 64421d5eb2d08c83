using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>Lists of the API as tools return them: the resources alone, as Render's own server does, and all pages.</summary>
internal static class PlainList
{
    /// <summary>Clients read text, not HTML: an apostrophe stays one.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int PageSize = 100;

    /// <summary>More than any client can read; a bound, in case a list never ends.</summary>
    private const int MostPages = 100;

    /// <param name="kind">The name of the resource in an item of the API's list, beside its cursor.</param>
    public static async Task<string> AllAsync(ToolCall call, string path, string kind, params (string Name, object? Value)[] query)
    {
        var all = new JsonArray();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var items = JsonNode.Parse(await call.Api.GetAsync($"{path}?" + ToolCall.Query([.. query, ("limit", PageSize), ("cursor", cursor)])))!.AsArray();
            foreach (var item in items)
                all.Add(item![kind]!.DeepClone());
            if (items.Count < PageSize)
                break;
            cursor = items[^1]!["cursor"]!.GetValue<string>();
        }
        return all.ToJsonString(Plain);
    }

    /// <summary>The resources of one page.</summary>
    public static string Of(JsonArray page, string kind) => new JsonArray([.. page.Select(item => item![kind]!.DeepClone())]).ToJsonString(Plain);
}
