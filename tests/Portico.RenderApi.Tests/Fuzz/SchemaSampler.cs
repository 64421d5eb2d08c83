using System.Text.Json;
using System.Text.Json.Nodes;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Makes values that a schema accepts.</summary>
internal sealed class SchemaSampler(RenderSpec spec, KnownIds ids)
{
    private const int Deepest = 8;

    private static readonly string[] Texts = ["api", "web", "worker", "a-name", "main", "make", "KEY", "value", "/data", "/*", "0 3 * * *", "10.0.0.0/8", "shop.example.invalid", "1", "http://127.0.0.1:9/none.git"];

    /// <param name="name">Of the field or parameter: tells which ids belong there.</param>
    public JsonNode? Sample(JsonElement schema, string name, Random random, int depth = 0)
    {
        schema = spec.Resolve(schema);
        if (schema.TryGetProperty("anyOf", out var branches))
            return Sample(branches[random.Next(branches.GetArrayLength())], name, random, depth + 1);
        if (schema.TryGetProperty("allOf", out var parts))
            return Merge(parts.EnumerateArray().Select(part => Sample(part, name, random, depth + 1)));
        if (schema.TryGetProperty("enum", out var choices))
            return JsonNode.Parse(choices[random.Next(choices.GetArrayLength())].GetRawText());
        return TypeOf(schema) switch
        {
            "object" => SampleObject(schema, random, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, depth >= Deepest ? 0 : random.Next(3)).Select(_ => schema.TryGetProperty("items", out var items) ? Sample(items, name, random, depth + 1) : null)]),
            "integer" => random.Next(6) == 0 ? random.NextInt64() : random.Next(1, 30),
            "number" => random.NextDouble() * 100,
            "boolean" => random.Next(2) == 0,
            _ => SampleText(schema, name, random),
        };
    }

    public string? SampleId(string name, Random random) => ids.Pick(random, PrefixOf(name));

    private JsonObject SampleObject(JsonElement schema, Random random, int depth)
    {
        var result = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties))
            return result;
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        foreach (var property in properties.EnumerateObject())
            if (required.Contains(property.Name) || (depth < Deepest && random.Next(3) == 0))
                result[property.Name] = Sample(property.Value, property.Name, random, depth + 1);
        return result;
    }

    private string SampleText(JsonElement schema, string name, Random random)
    {
        if (schema.TryGetProperty("format", out var format) && format.ValueEquals("date-time"))
            return $"20{random.Next(20, 40)}-0{random.Next(1, 10)}-1{random.Next(10)}T00:00:00Z";
        if (PrefixOf(name) is { } prefix && ids.Pick(random, prefix) is { } id)
            return id;
        return random.Next(8) == 0 ? HostileText.Pick(random) : Texts[random.Next(Texts.Length)];
    }

    private static JsonObject Merge(IEnumerable<JsonNode?> parts) =>
        new(parts.OfType<JsonObject>().SelectMany(part => part).DistinctBy(field => field.Key).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static string TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? "string"
        : type.ValueKind == JsonValueKind.Array ? type[0].GetString()! : type.GetString()!;

    private static string? PrefixOf(string name) => name switch
    {
        "ownerId" or "workspaceId" => "tea-",
        "serviceId" or "resource" or "resourceId" or "resourceIds" => "srv-",
        "cronJobId" => "crn-",
        "deployId" => "dep-",
        "envGroupId" => "evg-",
        "postgresId" => "dpg-",
        "redisId" or "keyValueId" => "red-",
        "projectId" => "prj-",
        "environmentId" => "evm-",
        "diskId" => "dsk-",
        "blueprintId" => "exs-",
        "eventId" => "evt-",
        "jobId" => "job-",
        "userId" => "usr-",
        "registryCredentialId" => "rgc-",
        "customDomainNameOrID" => "cdm-",
        _ => null,
    };
}
