using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>Reads and writes the types of Render's API. Each resource adds its own context.</summary>
public static class RenderJson
{
    /// <summary>The text before and after the index in the message about a null item, by which a server recognizes it.</summary>
    public const string NullItemPrefix = "Item ", NullItemSuffix = " is null.";

    public static IJsonTypeInfoResolver Resolver { get; } = JsonTypeInfoResolver.Combine(
        LogsJson.Default,
        AccessJson.Resolver,
        CommonJson.Default,
        MetricsJson.Default,
        OwnersJson.Default,
        ServicesJson.Default,
        DeploysJson.Default,
        PostgresJson.Default,
        KeyValueJson.Default,
        RedisJson.Default,
        EnvVarsJson.Default,
        EnvGroupsJson.Default,
        HeadersJson.Default,
        RoutesJson.Default,
        DisksJson.Default,
        OperationsJson.Default,
        EventsJson.Default,
        JobsJson.Default,
        CustomDomainsJson.Default).WithAddedModifier(LeaveOutNulls).WithAddedModifier(RefuseNullItems);

    private static readonly JsonSerializerOptions ClientOptions = new() { TypeInfoResolver = Resolver, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Returns how a client reads and writes a type of Render's API.</summary>
    public static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)ClientOptions.GetTypeInfo(typeof(T));

    /// <summary>Omits null values, as Render does; a <c>PATCH</c> must omit what it does not set.</summary>
    private static void LeaveOutNulls(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object)
            foreach (var property in type.Properties)
                property.ShouldSerialize ??= static (_, value) => value is not null && !IsUnset(value);
    }

    /// <summary>Rejects null items: the nullability checks cover properties only, so <c>[null]</c> would be read as a list with a null.</summary>
    /// <remarks>Apply it to every context that reads requests, because the first one that knows a list type reads it.</remarks>
    public static void RefuseNullItems(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.Kind == JsonTypeInfoKind.Enumerable && type.ElementType is { IsValueType: false })
            type.OnDeserialized = static items =>
            {
                foreach (var (index, item) in ((IEnumerable)items).Cast<object?>().Index())
                    if (item is null)
                        throw new JsonException($"{NullItemPrefix}[{index}]{NullItemSuffix}");
            };
    }

    private static bool IsUnset(object value) => value is IOptional { IsSet: false };
}

/// <summary>The plain values that <see cref="Optional{T}"/> can contain.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<CidrBlockAndDescription>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CommonJson : JsonSerializerContext;
