using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portico.Api.Contracts.Render;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>Writes the messages of the API, and the routes that exist, as TypeScript.</summary>
internal sealed class ContractFile
{
    private readonly SortedDictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly NullabilityInfoContext _nullability = new();

    public static string Write(IEnumerable<Type> roots, IEnumerable<string> routes)
    {
        var file = new ContractFile();
        foreach (var type in roots)
            file.NameOf(type);
        return $"// Generated from the API by ContractTests (PORTICO_ACCEPT=1). Do not edit.\n\n{string.Join("\n", file._written.Values)}\n"
            + $"/** Every route of the API. */\nexport type Route =\n{string.Join("\n", routes.Order(StringComparer.Ordinal).Select(route => $"  | '{route}'"))};\n";
    }

    private string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return $"{NameOf(inner)} | null";
        if (type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return "string";
        if (type == typeof(bool))
            return "boolean";
        if (type == typeof(JsonElement))
            return "unknown";
        if (type.IsPrimitive || type == typeof(decimal))
            return "number";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return $"Readonly<Record<string, {NameOf(type.GetGenericArguments()[1])}>>";
        if (ItemOf(type) is { } item)
            return Nullable.GetUnderlyingType(item) is null ? $"readonly {NameOf(item)}[]" : $"readonly ({NameOf(item)})[]";
        WriteOnce(type);
        return type.Name;
    }

    private static Type? ItemOf(Type type) => type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments() is [var item] ? item : null;

    private void WriteOnce(Type type)
    {
        if (!_written.TryAdd(type.Name, ""))
            return;
        var text = new StringBuilder($"export interface {type.Name} {{\n");
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != "EqualityContract"))
            text.Append(CultureInfo.InvariantCulture, $"  {Property(type, property)};\n");
        _written[type.Name] = text.Append("}\n").ToString();
    }

    /// <summary>Render's messages leave null values out, as do properties that say so.</summary>
    private string Property(Type type, PropertyInfo property)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        var isNullable = _nullability.Create(property).ReadState == NullabilityState.Nullable;
        var typeName = NameOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        var isLeftOut = type.Namespace!.EndsWith(".Render", StringComparison.Ordinal) || property.GetCustomAttribute<JsonIgnoreAttribute>() is not null;
        if (property.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType is { IsGenericType: true } converter && converter.GetGenericTypeDefinition() == typeof(EmptyIsNullConverter<>))
            return $"{name}: {typeName} | null";
        return !isNullable ? $"{name}: {typeName}" : isLeftOut ? $"{name}?: {typeName}" : $"{name}?: {typeName} | null";
    }
}
