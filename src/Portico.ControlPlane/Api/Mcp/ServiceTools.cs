using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

internal static class ServiceTools
{
    private static readonly string[] Runtimes = ["node", "python", "go", "rust", "ruby", "elixir", "docker"];

    private static readonly ToolParameter[] Source =
    [
        new("name", "string", "A unique name; the service's address is made of it.", true),
        new("repo", "string", "The Git URL of the source, without a branch.", true),
        new("branch", "string", "The branch to deploy; the repository's default branch when left out."),
        new("autoDeploy", "string", "Whether to deploy when the branch changes. Default: yes.", false, "yes", "no"),
        new("envVars", "pairs", "Environment variables, for builds and at run time."),
        CommonParameters.Workspace,
    ];

    private static readonly ToolParameter[] Program =
    [
        .. Source,
        new("runtime", "string", "What the service is built and run with.", true, Runtimes),
        new("plan", "string", "The instance type: how much CPU and memory it gets."),
        new("buildCommand", "string", "For example 'npm install' or 'pip install -r requirements.txt'.", true),
        new("startCommand", "string", "For example 'npm start' or 'gunicorn app:app'.", true),
        new("region", "string", "Which engine runs it; the default one when left out."),
    ];

    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_services", "List services", "List all services of the workspace.", ToolKind.Read,
            [new("includePreviews", "boolean", "Also list previews. Default: false."), CommonParameters.Workspace], ListAsync),
        new("get_service", "Get service details", "Get details about a service.", ToolKind.Read, [CommonParameters.Service],
            call => call.Api.GetAsync($"services/{call.Id("serviceId")}")),
        new("create_web_service", "Create web service", "Create a web service: a program that answers HTTP requests of anyone.",
            ToolKind.Create, Program, call => CreateAsync(call, "web_service", Details(call))),
        new("create_static_site", "Create static site", "Create a static site: files that are built once and served.", ToolKind.Create,
            [.. Source, new("buildCommand", "string", "For example 'npm run build'.", true), new("publishPath", "string", "The folder to serve. Default: public.")],
            call => CreateAsync(call, "static_site", SiteDetails(call))),
        new("create_cron_job", "Create cron job", "Create a cron job: a program that runs on a schedule.", ToolKind.Create,
            [.. Program, new("schedule", "string", "Five cron fields, in UTC.", true)],
            call => CreateAsync(call, "cron_job", ScheduledDetails(call))),
        Update("update_web_service", "Update web service"),
        Update("update_static_site", "Update static site"),
        Update("update_cron_job", "Update cron job"),
        new("update_environment_variables", "Update environment variables",
            "Set environment variables of a service and deploy it. Those that are not named stay, unless 'replace' is true.", ToolKind.Change,
            [CommonParameters.Service, new("replace", "boolean", "Remove all that are not named. Default: false."), new("envVars", "pairs", "The variables to set.", true)],
            UpdateVariablesAsync),
    ];

    private static async Task<string> ListAsync(ToolCall call) => await call.Api.GetAsync("services?" + ToolCall.Query(
        ("ownerId", await call.WorkspaceAsync()), ("includePreviews", call.Flag("includePreviews") == true ? "true" : "false"), ("limit", 100)));

    private static async Task<string> CreateAsync(ToolCall call, string type, JsonObject details)
    {
        var body = new JsonObject { ["type"] = type, ["name"] = call.Required("name"), ["ownerId"] = await call.WorkspaceAsync(), ["serviceDetails"] = details };
        body["repo"] = call.Required("repo");
        Set(body, "branch", call.Text("branch"));
        Set(body, "autoDeploy", call.Text("autoDeploy"));
        if (call.List("envVars") is { } variables)
            body["envVars"] = variables;
        return await call.Api.SendAsync(HttpMethod.Post, "services", body);
    }

    private static JsonObject Details(ToolCall call)
    {
        var details = new JsonObject
        {
            ["runtime"] = call.Required("runtime"),
            ["envSpecificDetails"] = new JsonObject { ["buildCommand"] = call.Required("buildCommand"), ["startCommand"] = call.Required("startCommand") },
        };
        Set(details, "plan", call.Text("plan"));
        Set(details, "region", call.Text("region"));
        return details;
    }

    private static JsonObject SiteDetails(ToolCall call) =>
        new() { ["buildCommand"] = call.Required("buildCommand"), ["publishPath"] = call.Text("publishPath") ?? "public" };

    private static JsonObject ScheduledDetails(ToolCall call)
    {
        var details = Details(call);
        details["schedule"] = call.Required("schedule");
        return details;
    }

    /// <summary>Like Render's, these tools change nothing and say where to.</summary>
    private static Tool Update(string name, string title) => new(name, title,
        "Tells how to change a service's settings: not by this tool.", ToolKind.Read, [CommonParameters.Service], static async call =>
        {
            var service = JsonNode.Parse(await call.Api.GetAsync($"services/{call.Id("serviceId")}"))!;
            return $"Settings of '{service["name"]}' are changed in its render.yaml, or by PATCH /v1/services/{service["id"]} of the API.";
        });

    private static async Task<string> UpdateVariablesAsync(ToolCall call)
    {
        var (service, given) = (call.Id("serviceId"), call.List("envVars") ?? throw new ToolException("envVars: required, and missing."));
        if (call.Flag("replace") == true)
            await call.Api.SendAsync(HttpMethod.Put, $"services/{service}/env-vars", given);
        else
            foreach (var variable in given.AsArray())
                await call.Api.SendAsync(HttpMethod.Put, $"services/{service}/env-vars/{Uri.EscapeDataString(KeyOf(variable))}",
                    new JsonObject { ["value"] = variable!["value"]?.DeepClone() });
        return "Environment variables updated. Response from deploying the service: "
            + await call.Api.SendAsync(HttpMethod.Post, $"services/{service}/deploys", new JsonObject());
    }

    private static string KeyOf(JsonNode? variable) =>
        variable is JsonObject pair && pair["key"] is JsonValue key && key.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : throw new ToolException("envVars: each needs a key and a value.");

    private static void Set(JsonObject body, string name, string? value)
    {
        if (value is not null)
            body[name] = value;
    }
}
