namespace Portico.ControlPlane.Api.Mcp;

internal static class LogTools
{
    private static readonly string[] Labels = ["level", "type", "instance", "host", "statusCode", "method", "path", "text"];

    private static readonly ToolParameter[] Filters =
    [
        new("resource", "strings", "The IDs of the resources whose logs are wanted.", true),
        new("level", "strings", "Only these levels, for example error."),
        new("type", "strings", "Only these types: app, request, build."),
        new("instance", "strings", "Only of these instances."),
        new("host", "strings", "Only requests to these hosts."),
        new("statusCode", "strings", "Only requests that were answered with these codes."),
        new("method", "strings", "Only requests with these methods."),
        new("path", "strings", "Only requests to these paths."),
        new("text", "strings", "Only lines that contain these texts."),
        new("startTime", "string", "From then on, as in 2026-01-31T12:00:00Z. Default: an hour ago."),
        new("endTime", "string", "Up to then. Default: now."),
        new("direction", "string", "Backward: the newest first. Default: backward.", false, "backward", "forward"),
        CommonParameters.Workspace,
    ];

    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_logs", "List logs", "List log lines that match all filters. A page tells the times at which the next one begins.", ToolKind.Read,
            [.. Filters, new("limit", "number", "How many lines: 1 to 100. Default: 20.")],
            async call => await call.Api.GetAsync("logs?" + await QueryAsync(call, ("limit", call.Number("limit"))))),
        new("list_log_label_values", "List log label values", "List the values that a label has in the logs that match all filters.", ToolKind.Read,
            [.. Filters, new("label", "string", "Which label.", true, "host", "instance", "level", "method", "statusCode", "type")],
            async call => await call.Api.GetAsync("logs/values?" + await QueryAsync(call, ("label", call.Required("label"))))),
    ];

    private static async Task<string> QueryAsync(ToolCall call, (string Name, object? Value) extra)
    {
        var resources = call.Texts("resource");
        if (resources.Count == 0)
            throw new ToolException("resource: required, and missing.");
        return ToolCall.Query(
        [
            ("ownerId", await call.WorkspaceAsync()), ("resource", resources), .. Labels.Select(label => (label, (object?)call.Texts(label))),
            ("startTime", call.Text("startTime")), ("endTime", call.Text("endTime")), ("direction", call.Text("direction")), extra,
        ]);
    }
}
