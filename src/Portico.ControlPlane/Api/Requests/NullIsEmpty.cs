using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>Gives <c>null</c> a meaning wherever a body must have a list or an object.</summary>
internal static class NullIsEmpty
{
    /// <remarks>Apply it to every context that reads requests.</remarks>
    public static void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var property in type.Properties)
            if (!property.IsSetNullable && property.CustomConverter is null && !property.PropertyType.IsValueType && property.PropertyType != typeof(string))
                property.CustomConverter = (JsonConverter)Activator.CreateInstance(typeof(NullIsEmptyConverter<>).MakeGenericType(property.PropertyType))!;
    }

    /// <returns>The JSON that stands for null: <c>[]</c> or <c>{}</c>; null for a type that is neither a list nor an object.</returns>
    public static byte[]? EmptyOf(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Enumerable => "[]"u8.ToArray(),
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "{}"u8.ToArray(),
        _ => null,
    };
}
