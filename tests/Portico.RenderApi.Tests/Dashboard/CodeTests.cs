using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>What a form would send, as a command and as a Blueprint. An end-to-end test runs the commands.</summary>
public sealed class CodeTests : IAsyncLifetime
{
    private const string Repo = "https://git.example.com/shop.git";

    /// <summary>What two resources with the same settings differ in.</summary>
    private static readonly string[] OwnToEach = ["id", "createdAt", "updatedAt", "slug", "dashboardUrl", "url", "sshAddress", "openPorts"];

    private RenderServer _server = null!;
    private World _world = null!;
    private string _environment = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
        await using var db = await _server.Platform.OpenAsync(Token);
        _environment = await db.Environments.Select(row => row.Id).SingleAsync(Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string, string> New => new()
    {
        {
            "services", $$"""
                { "type": "web_service", "name": "shop", "ownerId": "$owner", "environmentId": "$environment", "repo": "{{Repo}}", "branch": "main", "rootDir": "api",
                  "envVars": [{ "key": "A", "value": "it's # one" }, { "key": "B", "value": "" }],
                  "serviceDetails": { "runtime": "node", "plan": "standard_plus", "healthCheckPath": "/healthz", "numInstances": 2, "preDeployCommand": "migrate",
                    "envSpecificDetails": { "buildCommand": "npm ci && npm run build", "startCommand": "node 'a b.js'" } } }
                """
        },
        { "services", $$"""{ "type": "static_site", "name": "shop", "ownerId": "$owner", "repo": "{{Repo}}", "branch": "main", "serviceDetails": { "buildCommand": "make" } }""" },
        {
            "services", $$"""
                { "type": "background_worker", "name": "shop", "ownerId": "$owner", "repo": "{{Repo}}", "branch": "main", "autoDeployTrigger": "off",
                  "serviceDetails": { "runtime": "python", "disk": { "name": "data", "mountPath": "/data", "sizeGB": 2 }, "envSpecificDetails": { "buildCommand": "make", "startCommand": "work" } } }
                """
        },
        {
            "services", $$"""
                { "type": "cron_job", "name": "shop", "ownerId": "$owner", "repo": "{{Repo}}", "branch": "main",
                  "serviceDetails": { "runtime": "node", "schedule": "0 3 * * *", "envSpecificDetails": { "buildCommand": "make", "startCommand": "node a.js" } } }
                """
        },
        { "postgres", """{ "name": "shop", "ownerId": "$owner", "environmentId": "$environment", "plan": "basic_1gb", "version": "17", "databaseName": "shop", "databaseUser": "ada", "diskSizeGB": 5 }""" },
        { "key-value", """{ "name": "shop", "ownerId": "$owner", "plan": "starter", "maxmemoryPolicy": "noeviction", "persistenceMode": "off" }""" },
    };

    [Theory]
    [MemberData(nameof(New))]
    public async Task The_Blueprint_makes_the_same_resource(string list, string template)
    {
        var body = template.Replace("$owner", _world.Workspace, StringComparison.Ordinal).Replace("$environment", _environment, StringComparison.Ordinal);
        var blueprint = (await CodeAsync(list, body)).Blueprint;
        Assert.NotNull(blueprint.Text);
        Assert.Empty(await NamedShopAsync(list));

        using (var made = await SendAsync(HttpMethod.Post, $"/v1/{list}", body))
            Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Token));
        var first = Assert.Single(await NamedShopAsync(list));
        using (var deleted = await SendAsync(HttpMethod.Delete, $"/v1/{list}/{(string)first["id"]!}"))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await ApplyAsync(blueprint.Text);
        var second = Assert.Single(await NamedShopAsync(list));
        Assert.NotEqual((string)first["id"]!, (string)second["id"]!);
        Assert.Equal(Shared(first), Shared(second));
    }

    [Fact]
    public async Task The_command_has_an_option_for_each_field_quoted_for_a_shell()
    {
        var code = await CodeAsync("services", $$"""
            { "type": "web_service", "name": "shop", "ownerId": "{{_world.Workspace}}", "environmentId": "{{_environment}}", "repo": "{{Repo}}",
              "envVars": [{ "key": "A", "value": "it's" }, { "key": "B", "value": "" }],
              "serviceDetails": { "runtime": "node", "envSpecificDetails": { "buildCommand": "-v", "startCommand": "node a.js" } } }
            """);
        Assert.Equal($"""
            portico create web shop --workspace {_world.Workspace} \
              --repo {Repo} \
              --env-var 'A=it'\''s' \
              --env-var 'B=' \
              --environment-id {_environment} \
              --build-command=-v \
              --start-command 'node a.js' \
              --runtime node
            """, code.Command.Text);
    }

    [Fact]
    public async Task What_a_command_or_a_Blueprint_cannot_say_is_not_left_out()
    {
        var disk = await CodeAsync("services", New.Select(row => row.Data.Item2).Single(text => text.Contains("\"disk\"", StringComparison.Ordinal)).Replace("$owner", _world.Workspace, StringComparison.Ordinal));
        Assert.Equal(new CodeText(null, "The command has no option for autoDeployTrigger."), disk.Command);
        var parameters = await CodeAsync("postgres", $$"""{ "name": "shop", "ownerId": "{{_world.Workspace}}", "plan": "basic_1gb", "parameterOverrides": { "work_mem": "8MB" } }""");
        Assert.Equal((null, null), (parameters.Command.Text, parameters.Blueprint.Text));
        var generated = await CodeAsync("services", $$"""
            { "type": "static_site", "name": "shop", "ownerId": "{{_world.Workspace}}", "repo": "{{Repo}}", "envVars": [{ "key": "A", "generateValue": true }] }
            """);
        Assert.Equal("The command has no option for envVars[0].", generated.Command.Problem);
        Assert.Contains("generateValue: true", generated.Blueprint.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_a_command_and_the_service_as_it_would_be()
    {
        const string Change = """{ "branch": "next", "autoDeployTrigger": "off", "serviceDetails": { "plan": "pro", "preDeployCommand": null, "envSpecificDetails": { "startCommand": "serve --fast" } } }""";
        var code = await CodeAsync($"services/{_world.Api}", Change);
        Assert.Equal("""
            portico update api \
              --auto-deploy-trigger off \
              --branch next \
              --start-command 'serve --fast' \
              --plan pro \
              --pre-deploy-command ''
            """, code.Command.Text);
        Assert.DoesNotContain("postgresql://", code.Blueprint.Text, StringComparison.Ordinal);
        var before = await ServiceAsync(_world.Api);

        await ApplyAsync(code.Blueprint.Text!);
        var applied = await ServiceAsync(_world.Api);
        Assert.NotEqual(Shared(before), Shared(applied));
        using (var patched = await SendAsync(HttpMethod.Patch, $"/v1/services/{_world.Api}", Change))
            Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal(Shared(applied), Shared(await ServiceAsync(_world.Api)));
    }

    [Theory]
    [InlineData("""{ "name": "shop" }""", "--name shop", "cannot rename")]
    [InlineData("""{ "serviceDetails": { "plan": null } }""", "--plan ''", "cannot reset")]
    public async Task A_change_that_a_Blueprint_cannot_make_is_a_command_only(string change, string command, string problem)
    {
        using (var patched = await SendAsync(HttpMethod.Patch, $"/v1/services/{_world.Api}", """{ "serviceDetails": { "plan": "pro" } }"""))
            Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        var code = await CodeAsync($"services/{_world.Api}", change);
        Assert.EndsWith(command, code.Command.Text, StringComparison.Ordinal);
        Assert.Null(code.Blueprint.Text);
        Assert.Contains(problem, code.Blueprint.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_request_would_be_refused_for_is_said()
    {
        using var response = await SendAsync(HttpMethod.Post, "/portico/v1/code/services", $$"""
            { "type": "cron_job", "name": "shop", "ownerId": "{{_world.Workspace}}", "repo": "{{Repo}}", "serviceDetails": { "runtime": "node", "schedule": "at night" } }
            """);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("serviceDetails.schedule: ", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    private async Task<RequestCode> CodeAsync(string path, string body)
    {
        using var response = await SendAsync(HttpMethod.Post, $"/portico/v1/code/{path}", body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.RequestCode, Token))!;
    }

    private async Task ApplyAsync(string blueprint)
    {
        var result = await _server.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
    }

    private async Task<IReadOnlyList<JsonObject>> NamedShopAsync(string list)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/v1/{list}?name=shop");
        return [.. JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!.AsArray().Select(item => item!.AsObject().First(field => field.Key != "cursor").Value!.AsObject())];
    }

    private async Task<JsonObject> ServiceAsync(string id)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/v1/services/{id}");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!.AsObject();
    }

    private static string Shared(JsonNode resource)
    {
        var copy = resource.DeepClone();
        Forget(copy);
        return copy.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static void Forget(JsonNode node)
    {
        if (node is not JsonObject fields)
            return;
        foreach (var name in OwnToEach)
            fields.Remove(name);
        foreach (var inner in fields.Select(field => field.Value).OfType<JsonObject>())
            Forget(inner);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null) => _server.SendAsync(
        new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, null, "application/json") }, _server.Cast.Owner, Token);
}
