using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

internal static class DeployTools
{
    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_deploys", "List deploys", "List the deploys of a service, newest first.", ToolKind.Read,
            [CommonParameters.Service, new("limit", "number", "The maximum number of deploys to return, from 1 to 100. Default: 10."), new("cursor", "string", "The cursor of the last deploy on the previous page.")],
            ListAsync),
        new("get_deploy", "Get deploy details", "Get the details of one deploy.", ToolKind.Read,
            [CommonParameters.Service, new("deployId", "string", "The ID of the deploy.", true)],
            call => call.Api.GetAsync($"services/{call.Id("serviceId")}/deploys/{call.Id("deployId")}")),
        new("trigger_deploy", "Trigger deploy",
            "Deploy a service again. Not needed after a push to a service that has auto-deploy on.", ToolKind.Change,
            [CommonParameters.Service, new("clearCache", "boolean", "Build without the build cache. Default: false.")], TriggerAsync),
    ];

    private static async Task<string> ListAsync(ToolCall call)
    {
        var text = await call.Api.GetAsync($"services/{call.Id("serviceId")}/deploys?" + ToolCall.Query(
            ("limit", call.Number("limit") ?? 10), ("cursor", call.Text("cursor"))));
        var page = JsonNode.Parse(text)!.AsArray();
        var last = page.LastOrDefault()?["cursor"]?.GetValue<string>();
        return $"{PlainList.Of(page, "deploy")}\n\n cursor: {last ?? "\"\""}";
    }

    private static Task<string> TriggerAsync(ToolCall call) => call.Api.SendAsync(
        HttpMethod.Post, $"services/{call.Id("serviceId")}/deploys",
        new JsonObject { ["clearCache"] = call.Flag("clearCache") == true ? "clear" : "do_not_clear" });
}
