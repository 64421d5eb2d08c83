using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>Reads a value inside of a converter, without losing where in that value an error is.</summary>
public static class NestedReading
{
    /// <exception cref="JsonException">
    /// The value is not a <typeparamref name="T"/>. The reader of the whole body adds the path of the field to it; the path
    /// below the field is that of the inner exception.
    /// </exception>
    public static T? Read<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            return JsonSerializer.Deserialize(ref reader, type);
        }
        catch (JsonException exception)
        {
            throw new JsonException(exception.Message, null, null, null, exception);
        }
    }
}
