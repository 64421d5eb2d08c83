using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>An argument of a tool, and its part of the tool's JSON schema.</summary>
/// <param name="Type"><c>string number boolean</c>, or <c>strings</c> for a list of them, or <c>pairs</c> for a list of key and value.</param>
/// <param name="Values">The only ones that are allowed; null for any.</param>
internal sealed record ToolParameter(string Name, string Type, string Description, bool Required = false, params string[] Values)
{
    public static JsonElement SchemaOf(IEnumerable<ToolParameter> parameters)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var parameter in parameters)
        {
            properties[parameter.Name] = parameter.Schema();
            if (parameter.Required)
                required.Add((JsonNode)parameter.Name);
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
        return JsonElement.Parse(schema.ToJsonString());
    }

    private JsonObject Schema()
    {
        var schema = Type switch
        {
            "strings" => new JsonObject { ["type"] = "array", ["items"] = Item("string") },
            "pairs" => new JsonObject { ["type"] = "array", ["items"] = Pair() },
            _ => Item(Type),
        };
        schema["description"] = Description;
        return schema;
    }

    private JsonObject Item(string type)
    {
        var item = new JsonObject { ["type"] = type };
        if (Values.Length > 0)
            item["enum"] = new JsonArray([.. Values.Select(value => (JsonNode)value)]);
        return item;
    }

    private static JsonObject Pair() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "string" }, ["value"] = new JsonObject { ["type"] = "string" } },
        ["required"] = new JsonArray("key", "value"),
    };
}
