using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>
/// Writes a list without items as <c>null</c>, where Render does. Its OpenAPI document does not say so; its answers do, and
/// clients that compare what they sent with what they get depend on it.
/// </summary>
public sealed class EmptyIsNullConverter<T> : JsonConverter<IReadOnlyList<T>>
{
    public override bool HandleNull => true;

    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? [] : NestedReading.Read(ref reader, TypeInfo(options)) ?? [];

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        if (value is null or { Count: 0 })
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value, TypeInfo(options));
    }

    private static JsonTypeInfo<IReadOnlyList<T>> TypeInfo(JsonSerializerOptions options) =>
        (JsonTypeInfo<IReadOnlyList<T>>)options.GetTypeInfo(typeof(IReadOnlyList<T>));
}
