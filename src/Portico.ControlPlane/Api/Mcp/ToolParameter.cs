using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>A parameter of a tool, and its part of the tool's JSON schema.</summary>
/// <param name="Type"><c>string</c>, <c>number</c> or <c>boolean</c>; <c>strings</c> for a list of strings; <c>pairs</c> for a list of keys
/// and values.</param>
/// <param name="Values">The allowed values; none to allow any.</param>
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
