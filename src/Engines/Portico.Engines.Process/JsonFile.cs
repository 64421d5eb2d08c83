using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process;

/// <summary>Records on disk, which only the engine can read. A reader sees the old record or the new one, never a part.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // What is computed from the rest is not written.
        IgnoreReadOnlyProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddDerivedTypes } },
    };

    /// <summary>Survives a power cut.</summary>
    public static void Write<T>(string path, T value) =>
        DurableFile.Write(path, stream => JsonSerializer.Serialize(stream, value, Options), DurableFile.Private);

    /// <summary>Survives a crash of the engine. For records that a power cut makes worthless, and for caches.</summary>
    /// <inheritdoc cref="DurableFile.WriteUnflushed"/>
    public static void WriteUnflushed<T>(string path, T value) =>
        DurableFile.WriteUnflushed(path, stream => JsonSerializer.Serialize(stream, value, Options), DurableFile.Private);

    /// <summary>Null when the file does not exist, or contains no record (the disk was full, the machine lost power).</summary>
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

    /// <summary>The closed sets of the contract have no serializer attributes, so their cases are named here.</summary>
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
