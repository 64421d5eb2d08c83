using System.Text.Json;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Mcp;

public sealed class ServiceToolTests : McpTest
{
    [Fact]
    public async Task Services_are_listed_and_shown()
    {
        var listed = (await JsonAsync("list_services")).EnumerateArray().Select(item => item.GetProperty("id").GetString());
        var shown = await JsonAsync("get_service", ("serviceId", World.Api));

        Assert.Equal(World.Services.Values.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal("api", shown.GetProperty("name").GetString());
        Assert.Equal("web_service", shown.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_web_service_is_created_and_goes_live()
    {
        var created = await JsonAsync(
            "create_web_service", [.. Program("shop"), ("plan", "standard"), ("autoDeploy", "no"), ("envVars", Pairs(("COLOUR", "blue")))]);
        var service = created.GetProperty("service");
        var id = service.GetProperty("id").GetString()!;
        await SettleAsync();

        Assert.Equal("no", service.GetProperty("autoDeploy").GetString());
        Assert.Equal("standard", service.GetProperty("serviceDetails").GetProperty("plan").GetString());
        Assert.Equal("serve", service.GetProperty("serviceDetails").GetProperty("envSpecificDetails").GetProperty("startCommand").GetString());
        Assert.Equal("live", (await ReadAsync($"services/{id}/deploys/{created.GetProperty("deployId").GetString()}")).GetProperty("status").GetString());
        Assert.Equal("blue", (await ReadAsync($"services/{id}/env-vars/COLOUR")).GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_static_site_is_created()
    {
        var service = (await JsonAsync(
            "create_static_site", ("name", "front"), ("repo", UploadedSource.Url), ("branch", "main"), ("buildCommand", "make"), ("publishPath", "web"))).GetProperty("service");

        Assert.Equal("static_site", service.GetProperty("type").GetString());
        Assert.Equal("web", service.GetProperty("serviceDetails").GetProperty("publishPath").GetString());
    }

    [Fact]
    public async Task A_cron_job_is_created_with_its_schedule()
    {
        var service = (await JsonAsync("create_cron_job", [.. Program("nightly"), ("schedule", "0 3 * * *")])).GetProperty("service");

        Assert.Equal("cron_job", service.GetProperty("type").GetString());
        Assert.Equal("0 3 * * *", service.GetProperty("serviceDetails").GetProperty("schedule").GetString());
    }

    [Theory]
    [InlineData("update_web_service", "api")]
    [InlineData("update_static_site", "site")]
    [InlineData("update_cron_job", "worker")]
    public async Task A_tool_that_updates_says_where_that_is_done(string tool, string name)
    {
        var text = await TextAsync(tool, ("serviceId", World.Services[name]));

        Assert.Contains($"'{name}'", text, StringComparison.Ordinal);
        Assert.Contains($"PATCH /v1/services/{World.Services[name]}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_are_set_beside_those_that_there_are_or_in_their_place()
    {
        var text = await TextAsync("update_environment_variables", ("serviceId", World.Api), ("envVars", Pairs(("GREETING", "hi"), ("NEW", "1"))));
        var beside = await VariablesAsync();
        await TextAsync("update_environment_variables", ("serviceId", World.Api), ("envVars", Pairs(("ONLY", "2"))), ("replace", true));

        Assert.Contains("\"id\":\"dep-", text, StringComparison.Ordinal);
        Assert.Equal(["DATABASE_URL", "GREETING=hi", "NEW=1"], beside.Select(item => item.StartsWith("DATABASE_URL", StringComparison.Ordinal) ? "DATABASE_URL" : item).Order(StringComparer.Ordinal));
        Assert.Equal(["ONLY=2"], await VariablesAsync());
    }

    private static (string, object)[] Program(string name) =>
        [("name", name), ("repo", UploadedSource.Url), ("branch", "main"), ("runtime", "node"), ("buildCommand", "make"), ("startCommand", "serve")];

    private static Dictionary<string, string>[] Pairs(params (string Key, string Value)[] pairs) =>
        [.. pairs.Select(pair => new Dictionary<string, string> { ["key"] = pair.Key, ["value"] = pair.Value })];

    private async Task<IReadOnlyList<string>> VariablesAsync() =>
        [.. (await ReadAsync($"services/{World.Api}/env-vars?limit=100")).EnumerateArray().Select(item => item.GetProperty("envVar")).Select(Text)];

    private static string Text(JsonElement variable) => $"{variable.GetProperty("key").GetString()}={variable.GetProperty("value").GetString()}";
}
