using System.Text.Json;
using ModelContextProtocol.Client;

namespace Portico.RenderApi.Tests.Mcp;

/// <summary>Which tools there are.</summary>
public sealed class ToolTests : McpTest
{
    private const string NewService = "name* repo branch autoDeploy envVars workspaceId ";
    private const string NewProgram = NewService + "runtime* plan buildCommand* startCommand* region ";
    private const string LogFilters = "resource* level type instance host statusCode method path text startTime endTime direction workspaceId ";

    /// <summary>Those of Render's own server, version 0.3, with their arguments; <c>*</c> marks what is required.</summary>
    private static readonly Dictionary<string, string> Signatures = new()
    {
        ["list_workspaces"] = "",
        ["select_workspace"] = "ownerID*",
        ["get_selected_workspace"] = "",
        ["list_services"] = "includePreviews workspaceId",
        ["get_service"] = "serviceId*",
        ["create_web_service"] = NewProgram,
        ["create_static_site"] = NewService + "buildCommand* publishPath",
        ["create_cron_job"] = NewProgram + "schedule*",
        ["update_web_service"] = "serviceId*",
        ["update_static_site"] = "serviceId*",
        ["update_cron_job"] = "serviceId*",
        ["update_environment_variables"] = "serviceId* replace envVars*",
        ["list_deploys"] = "serviceId* limit cursor",
        ["get_deploy"] = "serviceId* deployId*",
        ["trigger_deploy"] = "serviceId* clearCache",
        ["list_postgres_instances"] = "workspaceId",
        ["get_postgres"] = "postgresId*",
        ["create_postgres"] = "name* plan region workspaceId version diskSizeGb",
        ["query_render_postgres"] = "postgresId* sql*",
        ["list_key_value"] = "workspaceId",
        ["get_key_value"] = "keyValueId*",
        ["create_key_value"] = "name* plan region workspaceId maxmemoryPolicy persistenceMode",
        ["list_logs"] = LogFilters + "limit",
        ["list_log_label_values"] = LogFilters + "label*",
        ["get_metrics"] = "resourceId* metricTypes* startTime endTime resolution cpuUsageAggregationMethod aggregateHttpRequestCountsBy httpLatencyQuantile httpHost httpPath workspaceId",
    };

    [Fact]
    public async Task They_are_Renders_with_the_same_arguments()
    {
        var tools = await Session.ToolsAsync(Token);

        Assert.Equal(Signatures.Keys.Order(StringComparer.Ordinal), tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        // Every tool takes the workspace, as with Render's own server.
        Assert.All(tools, tool => Assert.Equal(Signatures[tool.Name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Union(["workspaceId"]).Order(StringComparer.Ordinal), ArgumentsOf(tool)));
    }

    [Fact]
    public async Task Each_has_a_title_a_description_and_describes_its_arguments()
    {
        foreach (var tool in await Session.ToolsAsync(Token))
        {
            Assert.NotEmpty(tool.Description);
            Assert.NotEmpty(tool.ProtocolTool.Annotations!.Title!);
            Assert.All(Properties(tool), property => Assert.NotEmpty(property.Value.GetProperty("description").GetString()!));
        }
    }

    private static IEnumerable<string> ArgumentsOf(McpClientTool tool)
    {
        var required = tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToList();
        return Properties(tool).Select(property => property.Name + (required.Contains(property.Name) ? "*" : "")).Order(StringComparer.Ordinal);
    }

    private static JsonElement.ObjectEnumerator Properties(McpClientTool tool) => tool.JsonSchema.GetProperty("properties").EnumerateObject();
}
