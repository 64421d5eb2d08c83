using System.Globalization;
using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

internal static class DataStoreTools
{
    private static readonly ToolParameter Postgres = new("postgresId", "string", "The ID of the Postgres database.", true);
    private static readonly ToolParameter KeyValue = new("keyValueId", "string", "The ID of the Key Value store.", true);

    private static readonly ToolParameter[] New =
    [
        new("name", "string", "The name.", true), new("plan", "string", "The instance type, which sets CPU and memory."),
        new("region", "string", "The engine that runs it. Default: the platform's default engine."), CommonParameters.Workspace,
    ];

    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_postgres_instances", "List Postgres databases", "List all Postgres databases of the workspace.", ToolKind.Read, [CommonParameters.Workspace],
            call => ListAsync(call, "postgres", "postgres")),
        new("get_postgres", "Get Postgres details", "Get details about a Postgres database.", ToolKind.Read, [Postgres],
            call => call.Api.GetAsync($"postgres/{call.Id("postgresId")}")),
        new("create_postgres", "Create Postgres database", "Create a Postgres database.", ToolKind.Create,
            [.. New, new("version", "number", "The major version of PostgreSQL."), new("diskSizeGb", "number", "The disk size: 1 or a multiple of 5. It can grow later, but not shrink.")],
            CreatePostgresAsync),
        new("query_render_postgres", "Query Postgres", "Run one read-only SQL query in a Postgres database.", ToolKind.Read,
            [Postgres, new("sql", "string", "The SQL query. It runs in a read-only transaction.", true)], QueryAsync),
        new("list_key_value", "List Key Value stores", "List all Key Value stores of the workspace.", ToolKind.Read, [CommonParameters.Workspace],
            call => ListAsync(call, "key-value", "keyValue")),
        new("get_key_value", "Get Key Value details", "Get details about a Key Value store.", ToolKind.Read, [KeyValue],
            call => call.Api.GetAsync($"key-value/{call.Id("keyValueId")}")),
        new("create_key_value", "Create Key Value store", "Create a Key Value store.", ToolKind.Create,
            [
                .. New,
                new("maxmemoryPolicy", "string", "What the store does when its memory is full.", false,
                    "noeviction", "allkeys_lfu", "allkeys_lru", "allkeys_random", "volatile_lfu", "volatile_lru", "volatile_random", "volatile_ttl"),
                new("persistenceMode", "string", "How the store saves its data to disk.", false, "journal_snapshot", "snapshot", "off"),
            ],
            CreateKeyValueAsync),
    ];

    private static async Task<string> QueryAsync(ToolCall call)
    {
        var sql = call.Required("sql");
        var connection = JsonNode.Parse(await call.Api.GetAsync($"postgres/{call.Id("postgresId")}/connection-info"))!;
        return await call.QueryAsync(connection["internalConnectionString"]!.GetValue<string>(), sql);
    }

    private static async Task<string> ListAsync(ToolCall call, string path, string kind) =>
        await PlainList.AllAsync(call, path, kind, ("ownerId", await call.WorkspaceAsync()));

    private static async Task<string> CreatePostgresAsync(ToolCall call)
    {
        var body = await BodyAsync(call);
        body["version"] = call.Number("version") is { } version ? version.ToString(CultureInfo.InvariantCulture) : "";
        if (call.Number("diskSizeGb") is { } size)
            body["diskSizeGB"] = Convert.ToInt32(Math.Clamp(size, int.MinValue, int.MaxValue));
        return await call.Api.SendAsync(HttpMethod.Post, "postgres", body);
    }

    private static async Task<string> CreateKeyValueAsync(ToolCall call)
    {
        var body = await BodyAsync(call);
        foreach (var name in (string[])["maxmemoryPolicy", "persistenceMode"])
            if (call.Text(name) is { } value)
                body[name] = value;
        return await call.Api.SendAsync(HttpMethod.Post, "key-value", body);
    }

    private static async Task<JsonObject> BodyAsync(ToolCall call)
    {
        var body = new JsonObject
        {
            ["name"] = call.Required("name"),
            ["ownerId"] = await call.WorkspaceAsync(),
            ["plan"] = call.Text("plan") ?? "free",
        };
        if (call.Text("region") is { } region)
            body["region"] = region;
        return body;
    }
}
