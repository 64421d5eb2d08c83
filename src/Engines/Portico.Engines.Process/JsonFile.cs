using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process;

/// <summary>Reads and writes records that only the engine can access. A reader sees the old record or the new one, never a part.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // Computed properties are not written.
        IgnoreReadOnlyProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddDerivedTypes } },
    };

    /// <summary>Writes a record that survives a power cut.</summary>
    public static void Write<T>(string path, T value) =>
        DurableFile.Write(path, stream => JsonSerializer.Serialize(stream, value, Options), DurableFile.Private);

    /// <summary>Writes a record that survives a crash of the engine. Use it for caches and for records that a power cut makes worthless.</summary>
    /// <inheritdoc cref="DurableFile.WriteUnflushed"/>
    public static void WriteUnflushed<T>(string path, T value) =>
        DurableFile.WriteUnflushed(path, stream => JsonSerializer.Serialize(stream, value, Options), DurableFile.Private);

    /// <summary>Returns null if the file does not exist or contains no record, for example because the disk was full or the machine lost power.</summary>
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

    /// <summary>Lists the cases of the contract's closed sets, because they have no serializer attributes.</summary>
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
