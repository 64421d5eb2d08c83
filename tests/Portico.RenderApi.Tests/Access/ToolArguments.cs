using System.Text.Json;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Access;

/// <summary>
/// Arguments for any tool, made of its input schema and of what really exists. An argument that nobody has thought of
/// fails the test: its tool would be walked without it.
/// </summary>
internal sealed class ToolArguments(World world, string deploy, string cursor)
{
    private int _names;

    /// <summary>The API requires it of a service that has no image, and the tools have none.</summary>
    private const string Repository = "repo";

    /// <summary>With what is required, and with everything; where there is a list of given words, with each of them.</summary>
    public IEnumerable<IReadOnlyDictionary<string, object?>> For(string tool, JsonElement schema)
    {
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).Append(Repository).ToHashSet();
        var properties = schema.GetProperty("properties").EnumerateObject().ToList();
        foreach (var word in WordsOf(properties) is { Count: > 0 } words ? words : [""])
        {
            yield return properties.Where(property => required.Contains(property.Name)).ToDictionary(property => property.Name, property => Value(tool, property, word));
            if (!properties.All(property => required.Contains(property.Name)))
                yield return properties.ToDictionary(property => property.Name, property => Value(tool, property, word));
        }
    }

    /// <summary>The same once more: what has a name needs another one.</summary>
    public IReadOnlyDictionary<string, object?> Again(IReadOnlyDictionary<string, object?> arguments) => arguments.ToDictionary(
        item => item.Key, item => item.Key switch { "name" => NewName(), "envVars" => NewVariables(), _ => item.Value });

    private string NewName() => $"walked-{++_names}";

    private Dictionary<string, string>[] NewVariables() => [new() { ["key"] = "WALKED", ["value"] = NewName() }];

    private static List<string> WordsOf(IEnumerable<JsonProperty> properties) =>
        [.. properties.SelectMany(property => property.Value.TryGetProperty("items", out var items) ? EnumOf(items) : [])];

    private static IEnumerable<string> EnumOf(JsonElement schema) =>
        schema.TryGetProperty("enum", out var values) ? values.EnumerateArray().Select(value => value.GetString()!) : [];

    private object? Value(string tool, JsonProperty property, string word) => property.Name switch
    {
        "serviceId" => world.Api,
        "postgresId" => world.Database,
        "keyValueId" => world.Cache,
        "deployId" => deploy,
        "workspaceId" or "ownerID" => world.Workspace,
        "resource" => new[] { world.Api },
        "resourceId" => word == "active_connections" ? world.Database : world.Api,
        "name" => NewName(),
        // Asked for by a deploy, long after the call; the machine's own directories are for its owner alone.
        Repository => "http://127.0.0.1:1/shop.git",
        "branch" => "main",
        "plan" => tool == "create_postgres" ? "basic_256mb" : "starter",
        "region" => "oregon",
        "buildCommand" => "make",
        "startCommand" => "serve",
        "publishPath" => ".",
        "schedule" => "0 3 * * *",
        "sql" => "SELECT 1",
        "version" => 17,
        "diskSizeGb" or "limit" => 5,
        "resolution" => 60,
        "httpLatencyQuantile" => 0.5,
        "cursor" => cursor,
        "startTime" => "2026-01-01T00:00:00Z",
        "endTime" => "2026-01-01T00:30:00Z",
        "envVars" => NewVariables(),
        "level" or "type" or "instance" or "host" or "statusCode" or "method" or "path" or "text" => new[] { "200" },
        "httpHost" => "api.localhost",
        "httpPath" => "/",
        "includePreviews" or "replace" or "clearCache" => true,
        _ when property.Value.TryGetProperty("items", out var items) && EnumOf(items).Any() => new[] { word },
        _ => EnumOf(property.Value).FirstOrDefault()
            ?? throw new InvalidOperationException($"{tool}: there is no value for the argument '{property.Name}'. Add one, so that the tool is walked."),
    };
}
