namespace Portico.ControlPlane.Api.Mcp;

internal static class LogTools
{
    private static readonly string[] Labels = ["level", "type", "instance", "host", "statusCode", "method", "path", "text"];

    private static readonly ToolParameter[] Filters =
    [
        new("resource", "strings", "The IDs of the resources to read logs of.", true),
        new("level", "strings", "Return only lines with these levels, for example error."),
        new("type", "strings", "Return only lines of these types: app, request, build."),
        new("instance", "strings", "Return only lines of these instances."),
        new("host", "strings", "Return only requests to these hosts."),
        new("statusCode", "strings", "Return only requests with these status codes."),
        new("method", "strings", "Return only requests with these methods."),
        new("path", "strings", "Return only requests to these paths."),
        new("text", "strings", "Return only lines that contain these texts."),
        new("startTime", "string", "The start of the time range, for example 2026-01-31T12:00:00Z. Default: an hour ago."),
        new("endTime", "string", "The end of the time range. Default: now."),
        new("direction", "string", "The order: backward returns the newest lines first. Default: backward.", false, "backward", "forward"),
        CommonParameters.Workspace,
    ];

    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_logs", "List logs", "List log lines that match all filters. Each page contains the start and end time of the next page.", ToolKind.Read,
            [.. Filters, new("limit", "number", "The maximum number of lines to return, from 1 to 100. Default: 20.")],
            async call => await call.Api.GetAsync("logs?" + await QueryAsync(call, ("limit", call.Number("limit"))))),
        new("list_log_label_values", "List log label values", "List the values of a label in the logs that match all filters.", ToolKind.Read,
            [.. Filters, new("label", "string", "The label to list values of.", true, "host", "instance", "level", "method", "statusCode", "type")],
            async call => await call.Api.GetAsync("logs/values?" + await QueryAsync(call, ("label", call.Required("label"))))),
    ];

    private static async Task<string> QueryAsync(ToolCall call, (string Name, object? Value) extra)
    {
        var resources = call.Texts("resource");
        if (resources.Count == 0)
            throw new ToolException("resource: required, but missing.");
        return ToolCall.Query(
        [
            ("ownerId", await call.WorkspaceAsync()), ("resource", resources), .. Labels.Select(label => (label, (object?)call.Texts(label))),
            ("startTime", call.Text("startTime")), ("endTime", call.Text("endTime")), ("direction", call.Text("direction")), extra,
        ]);
    }
}
