using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

internal static class MetricTools
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["cpu_usage"] = "cpu",
        ["cpu_limit"] = "cpu-limit",
        ["cpu_target"] = "cpu-target",
        ["memory_usage"] = "memory",
        ["memory_limit"] = "memory-limit",
        ["memory_target"] = "memory-target",
        ["instance_count"] = "instance-count",
        ["active_connections"] = "active-connections",
        ["bandwidth_usage"] = "bandwidth",
        ["http_request_count"] = "http-requests",
        ["http_latency"] = "http-latency",
    };

    public static IReadOnlyList<Tool> All { get; } =
    [
        new("get_metrics", "Get resource metrics", "Get metrics of a service, Postgres database or Key Value store as time series.", ToolKind.Read,
            [
                new("resourceId", "string", "The ID of the resource.", true),
                new("metricTypes", "strings", "The metrics to return. HTTP and bandwidth metrics exist for services only, active connections for data stores only.", true, [.. Paths.Keys]),
                new("startTime", "string", "The start of the time range, for example 2026-01-31T12:00:00Z. Default: an hour ago."),
                new("endTime", "string", "The end of the time range. Default: now."),
                new("resolution", "number", "The number of seconds between two values; at least 30."),
                new("cpuUsageAggregationMethod", "string", "How to aggregate CPU values. Default: AVG.", false, "AVG", "MAX", "MIN"),
                new("aggregateHttpRequestCountsBy", "string", "The label to group by; the result has one series for each value.", false, "host", "statusCode"),
                new("httpLatencyQuantile", "number", "From 0 to 1. Default: 0.95."),
                new("httpHost", "string", "Include only requests to this host."),
                new("httpPath", "string", "Include only requests to this path."),
                CommonParameters.Workspace,
            ],
            GetAsync),
    ];

    private static async Task<string> GetAsync(ToolCall call)
    {
        var types = call.Texts("metricTypes");
        if (types.Count == 0)
            throw new ToolException("metricTypes: required, but missing.");
        var metrics = new JsonArray();
        foreach (var type in types)
        {
            var path = Paths.GetValueOrDefault(type) ?? throw new ToolException($"metricTypes: unknown metric '{type}'; use one of {string.Join(", ", Paths.Keys)}.");
            metrics.Add((JsonNode)new JsonObject
            {
                ["type"] = type,
                ["data"] = JsonNode.Parse(await call.Api.GetAsync($"metrics/{path}?{QueryFor(call, type)}")),
            });
        }
        return new JsonObject { ["resourceId"] = call.Required("resourceId"), ["metrics"] = metrics }.ToJsonString();
    }

    private static string QueryFor(ToolCall call, string type)
    {
        var isHttp = type.StartsWith("http_", StringComparison.Ordinal);
        return ToolCall.Query(
            ("resource", call.Required("resourceId")), ("startTime", call.Text("startTime")), ("endTime", call.Text("endTime")),
            ("resolutionSeconds", call.Number("resolution")),
            ("aggregationMethod", type == "cpu_usage" ? call.Text("cpuUsageAggregationMethod") : null),
            ("aggregateBy", type == "http_request_count" ? call.Text("aggregateHttpRequestCountsBy") : null),
            ("quantile", type == "http_latency" ? call.Number("httpLatencyQuantile") ?? 0.95 : null),
            ("host", isHttp ? call.Text("httpHost") : null), ("path", isHttp ? call.Text("httpPath") : null));
    }
}
