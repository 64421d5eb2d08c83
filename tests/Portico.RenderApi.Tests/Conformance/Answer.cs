using System.Text;
using System.Text.Json;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>What came back, read to its end.</summary>
internal sealed record Answer(int Status, string? ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The body as JSON; undefined where there is none, null where it is none.</summary>
    public JsonElement? Json { get; } = Parse(Bytes);

    /// <summary>The id that a refusal or failure has in the server's log.</summary>
    public string? ErrorId => Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var type = response.Content.Headers.ContentType?.MediaType;
        return new Answer((int)response.StatusCode, type, headers, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static JsonElement? Parse(byte[] bytes)
    {
        if (bytes.Length == 0)
            return default(JsonElement);
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
