using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portico.ControlPlane.State;

/// <summary>Stores immutable values as JSON in columns.</summary>
internal static class StoredJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public static ValueConverter<T, string> Converter<T>() where T : class =>
        new(value => Write(value), text => Read<T>(text));

    public static ValueConverter<T?, string?> NullableConverter<T>() where T : class =>
        new(value => value == null ? null : Write(value), text => text == null ? null : Read<T>(text));

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string text) where T : class =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new InvalidDataException($"A stored {typeof(T).Name} is null.");
}
