using System.Text.Json;

namespace Portico.RenderApi.Tests.Spec;

/// <summary>Render's OpenAPI document, as far as tests need it.</summary>
internal sealed class RenderSpec
{
    private static RenderSpec? _loaded;
    private readonly JsonElement _root;
    private readonly Dictionary<string, Operation> _operations;

    private RenderSpec(JsonElement root)
    {
        _root = root;
        _operations = OperationReader.ReadAll(this, root.GetProperty("paths")).ToDictionary(operation => operation.Id, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<Operation> Operations => _operations.Values;

    /// <summary>The document; without it the test skips, or fails where it must not be missing.</summary>
    public static RenderSpec Require() => LazyInitializer.EnsureInitialized(ref _loaded, () => Load(SharedFile.Require("openapi.json")));

    public Operation this[string id] =>
        _operations.GetValueOrDefault(id) ?? throw new ArgumentException($"Render has no operation '{id}'.");

    /// <summary>The words that a property of a schema may be.</summary>
    public IReadOnlyList<string> Enum(string schema, string property) =>
        [.. _root.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").GetProperty(property).GetProperty("enum")
            .EnumerateArray().Select(value => value.GetString()!)];

    /// <summary>Follows <c>$ref</c> until there is none.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(_root, (at, name) => at.GetProperty(name));
        return element;
    }

    private static RenderSpec Load(string path) => new(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement);
}
