using System.Text.Json;

namespace Portico.Core.Detection.Files;

/// <summary>Reads JSON that a stranger wrote. What is not as expected counts as absent.</summary>
internal static class JsonText
{
    private const int LongestValue = 2000, MostItems = 2000;
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 64 };

    /// <summary>Returns the root object; null if the text is not a JSON object.</summary>
    public static JsonElement? Parse(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? At(this JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var found) ? found : null;

    /// <summary>Returns a text on one line; null if it is no such text.</summary>
    public static string? Text(this JsonElement? element)
    {
        if (element is not { ValueKind: JsonValueKind.String } value)
            return null;
        try
        {
            return value.GetString() is { Length: > 0 and <= LongestValue } text && !text.Any(char.IsControl) ? text.Trim() : null;
        }
        catch (InvalidOperationException)
        {
            // It contains half of a surrogate pair.
            return null;
        }
    }

    public static IEnumerable<string> Texts(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray().Take(MostItems).Select(item => Text(item)).OfType<string>() : [];

    /// <summary>Returns the fields that are texts.</summary>
    public static Dictionary<string, string> Map(this JsonElement? element)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in element.Fields())
            if (Text(value) is { } text)
                map[name] = text;
        return map;
    }

    public static IEnumerable<(string Name, JsonElement? Value)> Fields(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject().Take(MostItems).Select(field => (NameOf(field), (JsonElement?)field.Value)) : [];

    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
