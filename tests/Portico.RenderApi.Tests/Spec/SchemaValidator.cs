using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portico.RenderApi.Tests.Spec;

/// <summary>
/// Holds a JSON value against a schema of the document: the keywords that the document uses, and one thing more. A field
/// that the schema does not name is a mistake, or a misspelt name would pass for an optional field that is absent.
/// </summary>
internal sealed partial class SchemaValidator(RenderSpec spec)
{
    /// <returns>What is wrong, each with its place, as <c>$[0].service.id: …</c>; empty when nothing is.</returns>
    public IReadOnlyList<string> Validate(JsonElement value, JsonElement schema)
    {
        var problems = new List<string>();
        Check(value, schema, "$", problems);
        return problems;
    }

    private void Check(JsonElement value, JsonElement schema, string at, List<string> problems)
    {
        schema = spec.Resolve(schema);
        if (schema.TryGetProperty("anyOf", out var branches))
            CheckAnyOf(value, branches, at, problems);
        if (schema.TryGetProperty("type", out var type) && !IsOfType(value, type))
            problems.Add($"{at}: is {Describe(value)}, must be {type}");
        else if (schema.TryGetProperty("enum", out var choices) && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
            problems.Add($"{at}: {Describe(value)} is none of {Describe(choices)}");
        else if (value.ValueKind == JsonValueKind.Object)
            CheckObject(value, schema, at, problems);
        else if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            CheckItems(value, items, at, problems);
        else if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("format", out var format) && !HasFormat(value.GetString()!, format.GetString()!))
            problems.Add($"{at}: {Describe(value)} is not of format {format}");
    }

    private void CheckAnyOf(JsonElement value, JsonElement branches, string at, List<string> problems)
    {
        var closest = branches.EnumerateArray().Select(branch =>
        {
            var found = new List<string>();
            Check(value, branch, at, found);
            return found;
        }).MinBy(found => found.Count)!;
        problems.AddRange(closest);
    }

    private void CheckItems(JsonElement value, JsonElement items, string at, List<string> problems)
    {
        foreach (var (index, item) in value.EnumerateArray().Index())
            Check(item, items, $"{at}[{index}]", problems);
    }

    private void CheckObject(JsonElement value, JsonElement schema, string at, List<string> problems)
    {
        var parts = PartsOf(schema).ToList();
        foreach (var name in parts.SelectMany(part => Names(part, "required")).Where(name => !value.TryGetProperty(name, out _)))
            problems.Add($"{at}: '{name}' is missing");
        var declared = parts.SelectMany(part => part.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : default)
            .ToLookup(property => property.Name, property => property.Value, StringComparer.Ordinal);
        JsonElement? others = parts.Select(part => part.TryGetProperty("additionalProperties", out var rest) ? rest : (JsonElement?)null).FirstOrDefault(rest => rest is not null);
        foreach (var property in value.EnumerateObject())
            CheckProperty(property, $"{at}.{property.Name}");

        void CheckProperty(JsonProperty property, string place)
        {
            if (declared[property.Name].FirstOrDefault() is { ValueKind: JsonValueKind.Object } known)
                Check(property.Value, known, place, problems);
            else if (others is { ValueKind: JsonValueKind.Object } rest)
                Check(property.Value, rest, place, problems);
            else if (others is null && declared.Count > 0)
                problems.Add($"{place}: Render has no such field");
        }
    }

    /// <summary>A schema, or all that its <c>allOf</c> joins.</summary>
    private IEnumerable<JsonElement> PartsOf(JsonElement schema)
    {
        schema = spec.Resolve(schema);
        return schema.TryGetProperty("allOf", out var parts) ? parts.EnumerateArray().SelectMany(PartsOf).Append(schema) : [schema];
    }

    private static IEnumerable<string> Names(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];

    private static bool IsOfType(JsonElement value, JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => IsOfType(value, one))
        : type.GetString() switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.IsInteger(number),
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "null" => value.ValueKind == JsonValueKind.Null,
            var other => throw new NotSupportedException($"The validator does not know the type '{other}'."),
        };

    private static bool HasFormat(string text, string format) => format switch
    {
        "date-time" => Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "password" or "int64" or "binary" => true,
        _ => throw new NotSupportedException($"The validator does not know the format '{format}'."),
    };

    private static string Describe(JsonElement value)
    {
        const int most = 120;
        var text = value.ValueKind == JsonValueKind.Array ? $"[{string.Join(',', value.EnumerateArray().Select(item => item.GetRawText()))}]" : value.GetRawText();
        return text.Length <= most ? text : $"{text[..most]}…";
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Rfc3339();
}
