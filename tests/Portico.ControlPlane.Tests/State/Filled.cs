using Portico.Blueprint.Model;

namespace Portico.ControlPlane.Tests.State;

/// <summary>Makes values of which every part is set, by reflection: a part that is added later is set too.</summary>
internal static class Filled
{
    /// <summary>Texts with a form of their own, by the name of the property.</summary>
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["Repo"] = "https://example.org/a.git",
        ["Generation"] = nameof(PreviewGeneration.Manual),
        ["MaxmemoryPolicy"] = "volatile-ttl",
        ["PersistenceMode"] = "snapshot",
    };

    public static T Of<T>() where T : class => (T)Value(typeof(T), typeof(T).Name);

    /// <summary>The path and value of every part that is not made of parts.</summary>
    public static IEnumerable<(string Path, object? Value)> Leaves(object value, string prefix = "")
    {
        foreach (var property in value.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var (path, part) = (prefix + property.Name, property.GetValue(value));
            if (part is not null && IsRecord(part.GetType()))
                foreach (var leaf in Leaves(part, $"{path}."))
                    yield return leaf;
            else
                yield return (path, part);
        }
    }

    private static object Value(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return Texts.GetValueOrDefault(name, name);
        if (type == typeof(int))
            return name.Length;
        if (type == typeof(bool))
            return true;
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.UnixEpoch;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type == typeof(EnvEntry))
            return new EnvGroupLink(name);
        if (type.IsGenericType)
            return List(type, Value(type.GetGenericArguments()[^1], name), name);
        return IsRecord(type) ? Record(type) : throw new NotSupportedException($"{type} of {name}");
    }

    private static object List(Type type, object item, string name)
    {
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return new Dictionary<string, string> { [name] = (string)item };
        var items = Array.CreateInstance(type.GetGenericArguments()[0], 1);
        items.SetValue(item, 0);
        return type.GetGenericTypeDefinition() == typeof(ValueList<>)
            ? typeof(ValueList).GetMethod(nameof(ValueList.ToValueList))!.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [items])!
            : items;
    }

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(item => item.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, parameter.Name!))]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && property.PropertyType != typeof(Origin)))
            property.SetValue(made, Value(property.PropertyType, property.Name));
        return made;
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
