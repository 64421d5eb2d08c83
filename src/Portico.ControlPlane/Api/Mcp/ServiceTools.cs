using System.Text.Json.Nodes;

namespace Portico.ControlPlane.Api.Mcp;

internal static class ServiceTools
{
    private static readonly string[] Runtimes = ["node", "python", "go", "rust", "ruby", "elixir", "docker"];

    private static readonly ToolParameter[] Source =
    [
        new("name", "string", "A unique name. It becomes part of the service's URL.", true),
        new("repo", "string", "The URL of the Git repository, without a branch."),
        new("branch", "string", "The branch to deploy. Default: the repository's default branch."),
        new("autoDeploy", "string", "Whether to deploy each new commit of the branch. Default: yes.", false, "yes", "no"),
        new("envVars", "pairs", "Environment variables for builds and at run time."),
        CommonParameters.Workspace,
    ];

    private static readonly ToolParameter[] Program =
    [
        .. Source,
        new("runtime", "string", "The runtime that builds and runs the service.", true, Runtimes),
        new("plan", "string", "The instance type, which sets CPU and memory."),
        new("buildCommand", "string", "The command that builds the service, for example 'npm install' or 'pip install -r requirements.txt'.", true),
        new("startCommand", "string", "The command that starts the service, for example 'npm start' or 'gunicorn app:app'.", true),
        new("region", "string", "The engine that runs it. Default: the platform's default engine."),
    ];

    public static IReadOnlyList<Tool> All { get; } =
    [
        new("list_services", "List services", "List all services of the workspace.", ToolKind.Read,
            [new("includePreviews", "boolean", "Whether to include previews. Default: false."), CommonParameters.Workspace], ListAsync),
        new("get_service", "Get service details", "Get details about a service.", ToolKind.Read, [CommonParameters.Service],
            call => call.Api.GetAsync($"services/{call.Id("serviceId")}")),
        new("create_web_service", "Create web service", "Create a web service: a program that answers public HTTP requests.",
            ToolKind.Create, Program, call => CreateAsync(call, "web_service", Details(call))),
        new("create_static_site", "Create static site", "Create a static site: files that are built once and then served.", ToolKind.Create,
            [.. Source, new("buildCommand", "string", "The command that builds the site, for example 'npm run build'.", true), new("publishPath", "string", "The folder to serve. Default: public.")],
            call => CreateAsync(call, "static_site", SiteDetails(call))),
        new("create_cron_job", "Create cron job", "Create a cron job: a program that runs on a schedule.", ToolKind.Create,
            [.. Program, new("schedule", "string", "A cron expression with five fields, in UTC.", true)],
            call => CreateAsync(call, "cron_job", ScheduledDetails(call))),
        Update("update_web_service", "Update web service"),
        Update("update_static_site", "Update static site"),
        Update("update_cron_job", "Update cron job"),
        new("update_environment_variables", "Update environment variables",
            "Set environment variables of a service and deploy it. Other variables are kept unless 'replace' is true.", ToolKind.Change,
            [CommonParameters.Service, new("replace", "boolean", "Whether to remove all other variables. Default: false."), new("envVars", "pairs", "The variables to set.", true)],
            UpdateVariablesAsync),
    ];

    private static async Task<string> ListAsync(ToolCall call) => await PlainList.AllAsync(
        call, "services", "service", ("ownerId", await call.WorkspaceAsync()), ("includePreviews", call.Flag("includePreviews") == true ? "true" : "false"));

    private static async Task<string> CreateAsync(ToolCall call, string type, JsonObject details)
    {
        var body = new JsonObject { ["type"] = type, ["name"] = call.Required("name"), ["ownerId"] = await call.WorkspaceAsync(), ["serviceDetails"] = details };
        Set(body, "repo", call.Text("repo"));
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

    /// <summary>Like Render's, these tools change nothing and only tell the user how to make the change.</summary>
    private static Tool Update(string name, string title) => new(name, title,
        "Explain how to change a service's settings. This tool does not change them.", ToolKind.Read, [CommonParameters.Service], static async call =>
        {
            var service = JsonNode.Parse(await call.Api.GetAsync($"services/{call.Id("serviceId")}"))!;
            return $"This tool cannot change settings. To change those of '{service["name"]}', edit its render.yaml or call PATCH /v1/services/{service["id"]} of the API.";
        });

    private static async Task<string> UpdateVariablesAsync(ToolCall call)
    {
        var (service, given) = (call.Id("serviceId"), call.List("envVars") ?? throw new ToolException("envVars: required, but missing."));
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
            : throw new ToolException("envVars: each item must have a key and a value.");

    private static void Set(JsonObject body, string name, string? value)
    {
        if (value is not null)
            body[name] = value;
    }
}
