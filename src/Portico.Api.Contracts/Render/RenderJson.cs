using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>How the types of Render's API are read and written: each resource brings a context of its own.</summary>
public static class RenderJson
{
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

    /// <summary>Render leaves out what has no value; what a <c>PATCH</c> does not set must be left out.</summary>
    private static void LeaveOutNulls(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object)
            foreach (var property in type.Properties)
                property.ShouldSerialize ??= static (_, value) => value is not null && !IsUnset(value);
    }

    /// <summary>What is said about nulls covers properties only: <c>[null]</c> would come through as a list that holds one.</summary>
    /// <remarks>For every context that requests are read with: the first that knows a type of list is asked for it.</remarks>
    public static void RefuseNullItems(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.Kind == JsonTypeInfoKind.Enumerable && type.ElementType is { IsValueType: false })
            type.OnDeserialized = static items =>
            {
                foreach (var (index, item) in ((IEnumerable)items).Cast<object?>().Index())
                    if (item is null)
                        throw new JsonException($"The item [{index}] is null.");
            };
    }

    private static bool IsUnset(object value) => value is IOptional { IsSet: false };
}

/// <summary>Plain values that <see cref="Optional{T}"/> holds.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<CidrBlockAndDescription>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CommonJson : JsonSerializerContext;
