using System.Text.Json;
using Portico.Testing;

namespace Portico.RenderApi.Tests.Spec;

/// <summary>Render's OpenAPI document, as far as tests need it.</summary>
internal sealed class RenderSpec
{
    private static readonly Lazy<RenderSpec?> Loaded = new(Load);
    private readonly JsonElement _root;
    private readonly Dictionary<string, Operation> _operations;

    private RenderSpec(JsonElement root)
    {
        _root = root;
        _operations = OperationReader.ReadAll(this, root.GetProperty("paths")).ToDictionary(operation => operation.Id, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<Operation> Operations => _operations.Values;

    /// <summary>The document; without it the test skips, or fails where it must not be missing.</summary>
    public static RenderSpec Require()
    {
        if (Loaded.Value is { } spec)
            return spec;
        Assert.False(Environment.GetEnvironmentVariable("CI") is "1" or "true", "Render's openapi.json is missing.");
        Assert.Skip("Render's openapi.json is not on this machine.");
        throw new InvalidOperationException("Unreachable: the test was skipped.");
    }

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

    private static RenderSpec? Load()
    {
        for (var at = new DirectoryInfo(SourceTree.Root); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "render", "openapi.json");
            if (File.Exists(candidate))
                return new RenderSpec(JsonDocument.Parse(File.ReadAllBytes(candidate)).RootElement);
        }
        return null;
    }
}
