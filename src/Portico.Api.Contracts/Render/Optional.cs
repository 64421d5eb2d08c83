using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>A field of a <c>PATCH</c> body: absent keeps the current value, <c>null</c> clears it, a value replaces it.</summary>
/// <remarks>Each property names its converter: <c>[JsonConverter(typeof(OptionalConverter&lt;string&gt;))]</c>.</remarks>
public readonly record struct Optional<T>(T? Value, bool IsSet = true) : IOptional
{
    /// <summary>Returns the value after the change.</summary>
    public T? Or(T? current) => IsSet ? Value : current;
}

internal interface IOptional
{
    bool IsSet { get; }
}

public sealed class OptionalConverter<T> : JsonConverter<Optional<T>>
{
    public override bool HandleNull => true;

    public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return new(default);
        return new(NestedReading.Read(ref reader, TypeInfo(options)));
    }

    public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options)
    {
        if (value.Value is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value.Value, TypeInfo(options));
    }

    private static JsonTypeInfo<T> TypeInfo(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
