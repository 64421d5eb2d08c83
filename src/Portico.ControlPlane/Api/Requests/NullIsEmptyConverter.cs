using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portico.Api.Contracts.Render;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>
/// Reads <c>null</c> for a list as a list without items, and for an object as one without fields. Clients written in Go send
/// a list that they never filled as null.
/// </summary>
internal sealed class NullIsEmptyConverter<T> : JsonConverter<T>
{
    public override bool HandleNull => true;

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var type = TypeInfo(options);
        if (reader.TokenType != JsonTokenType.Null || NullIsEmpty.EmptyOf(type) is not { } empty)
            return NestedReading.Read(ref reader, type);
        var none = new Utf8JsonReader(empty);
        return NestedReading.Read(ref none, type);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value, TypeInfo(options));
    }

    private static JsonTypeInfo<T> TypeInfo(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
