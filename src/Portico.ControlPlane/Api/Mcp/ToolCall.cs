using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>One call of a tool: its arguments, and the way to the API with the caller's own key.</summary>
internal sealed class ToolCall(
    IReadOnlyDictionary<string, JsonElement> arguments, OwnApi api, string user, SelectedWorkspaces selected, QueryPostgres query,
    CancellationToken cancellationToken)
{
    public OwnApi Api { get; } = api;

    /// <exception cref="ToolException">It is missing or empty.</exception>
    public string Required(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new ToolException($"{name}: required, and missing.");

    /// <summary>For a path: an id has no character that means something there.</summary>
    public string Id(string name) => Uri.EscapeDataString(Required(name));

    /// <exception cref="ToolException">It is of another type.</exception>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new ToolException($"{name}: a string is needed."),
    };

    public double? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        _ => throw new ToolException($"{name}: a number is needed."),
    };

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new ToolException($"{name}: true or false is needed."),
    };

    public IReadOnlyList<string> Texts(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw new ToolException($"{name}: a list of strings is needed."),
    };

    /// <summary>A list as it came; the API says what is wrong with it.</summary>
    public JsonNode? List(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => JsonArray.Create(list),
        _ => throw new ToolException($"{name}: a list is needed."),
    };

    /// <summary>The workspace that the call names, or the one chosen before, or the only one there is.</summary>
    public async Task<string> WorkspaceAsync()
    {
        if ((Text("workspaceId") ?? selected.Of(user)) is { Length: > 0 } chosen)
            return chosen;
        var owners = JsonNode.Parse(await Api.GetAsync("owners?limit=2"))!.AsArray();
        return owners.Count == 1
            ? owners[0]!["owner"]!["id"]!.GetValue<string>()
            : throw new ToolException("workspaceId: you have several workspaces; ask the user which one, and pass its id.");
    }

    public string? SelectedWorkspace => selected.Of(user);

    public void Select(string workspace) => selected.Set(user, workspace);

    /// <exception cref="ToolException">The database refused it.</exception>
    public async Task<string> QueryAsync(string connectionString, string sql)
    {
        try
        {
            return await query(connectionString, sql, cancellationToken);
        }
        catch (QueryException exception)
        {
            throw new ToolException(exception.Message);
        }
    }

    /// <summary>A query of what is set.</summary>
    public static string Query(params (string Name, object? Value)[] items) => string.Join('&', items.SelectMany(item => item.Value switch
    {
        null or "" => [],
        IReadOnlyList<string> list => list.Select(value => $"{item.Name}={Uri.EscapeDataString(value)}"),
        IFormattable value => [$"{item.Name}={Uri.EscapeDataString(value.ToString(null, CultureInfo.InvariantCulture))}"],
        var value => new[] { $"{item.Name}={Uri.EscapeDataString($"{value}")}" },
    }));

    private JsonElement? Find(string name) =>
        arguments.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;
}
