using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Engines;

namespace Portico.Engines.Process;

/// <summary>Records on disk: written whole under a temporary name, then renamed; readable by the engine alone.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // What is computed from the rest is not written.
        IgnoreReadOnlyProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddDerivedTypes } },
    };

    public static void Write<T>(string path, T value)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(temporary, options))
            JsonSerializer.Serialize(file, value, Options);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Null when there is no such file, or it is not a record (the disk was full, the machine lost power).</summary>
    public static T? Read<T>(string path) where T : class
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(file, Options);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The closed sets of the contract carry no attributes of a serializer, so they are named here.</summary>
    private static void AddDerivedTypes(JsonTypeInfo type)
    {
        if (type.Type.IsAbstract && type.Type.Assembly == typeof(Command).Assembly)
        {
            type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
            foreach (var kind in type.Type.GetNestedTypes().Where(type.Type.IsAssignableFrom))
                type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind, kind.Name));
        }
    }
}
