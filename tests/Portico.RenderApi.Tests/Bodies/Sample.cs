using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Portico.Api.Contracts.Render;

namespace Portico.RenderApi.Tests.Bodies;

/// <summary>The smallest JSON that can be read as a type: only the required fields.</summary>
internal static class Sample
{
    public static JsonNode? Of(JsonTypeInfo type, JsonSerializerOptions options) => type.Kind switch
    {
        JsonTypeInfoKind.Object => new JsonObject(type.Properties.Where(property => property.IsRequired)
            .Select(property => KeyValuePair.Create(property.Name, Of(options.GetTypeInfo(property.PropertyType), options)))),
        JsonTypeInfoKind.Enumerable => new JsonArray(),
        JsonTypeInfoKind.Dictionary => new JsonObject(),
        _ => OfValue(type.Type),
    };

    /// <returns>The type of a list or object; null for a plain value.</returns>
    public static Type? Inner(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>))
            type = type.GetGenericArguments()[0];
        return type.IsValueType || type == typeof(string) ? null : type;
    }

    private static JsonNode? OfValue(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Boolean => true,
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.Double => 1,
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?) => "2026-01-31T12:00:00Z",
        _ => "text",
    };
}
