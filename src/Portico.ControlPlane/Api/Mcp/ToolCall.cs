using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>One call of a tool: its arguments, and access to the API with the caller's key.</summary>
internal sealed class ToolCall(
    IReadOnlyDictionary<string, JsonElement> arguments, OwnApi api, string user, SelectedWorkspaces selected, QueryPostgres query,
    CancellationToken cancellationToken)
{
    public OwnApi Api { get; } = api;

    /// <exception cref="ToolException">The argument is missing or empty.</exception>
    public string Required(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new ToolException($"{name}: required, but missing.");

    /// <summary>Returns an id, escaped for use in a path.</summary>
    public string Id(string name) => Uri.EscapeDataString(Required(name));

    /// <exception cref="ToolException">The argument has another type.</exception>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new ToolException($"{name}: must be a string."),
    };

    public double? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        _ => throw new ToolException($"{name}: must be a number."),
    };

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new ToolException($"{name}: must be true or false."),
    };

    public IReadOnlyList<string> Texts(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw new ToolException($"{name}: must be a list of strings."),
    };

    /// <summary>Returns a list unchanged; the API validates it.</summary>
    public JsonNode? List(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => JsonArray.Create(list),
        _ => throw new ToolException($"{name}: must be a list."),
    };

    /// <summary>Returns the workspace in the arguments, or the selected one. The caller's only one is selected by itself.</summary>
    public async Task<string> WorkspaceAsync() => Text(CommonParameters.Workspace.Name) is { Length: > 0 } given
        ? given
        : await FindWorkspaceAsync()
            ?? throw new ToolException("workspaceId: required, because you have several workspaces. Ask the user which one to use and pass its id.");

    /// <summary>Returns the selected workspace, and selects the caller's only one; null if there are several.</summary>
    public async Task<string?> FindWorkspaceAsync()
    {
        if (selected.Of(user) is { Length: > 0 } chosen)
            return chosen;
        var owners = JsonNode.Parse(await Api.GetAsync("owners?limit=2"))!.AsArray();
        if (owners.Count != 1)
            return null;
        var only = owners[0]!["owner"]!["id"]!.GetValue<string>();
        Select(only);
        return only;
    }

    /// <summary>Checks a workspace in the arguments of a tool whose other arguments name the resource.</summary>
    /// <exception cref="ToolException">The caller has no access to it, or it is empty.</exception>
    public async Task RequireWorkspaceAsync()
    {
        if (Text(CommonParameters.Workspace.Name) is not { } given)
            return;
        if (given.Length == 0)
            throw new ToolException("workspaceId: must not be empty. Omit it, or pass the id of a workspace.");
        await Api.GetAsync($"owners/{Uri.EscapeDataString(given)}");
    }

    public void Select(string workspace) => selected.Set(user, workspace);

    /// <exception cref="ToolException">The database rejected the query.</exception>
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

    /// <summary>Builds a query string from the items that have a value.</summary>
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
