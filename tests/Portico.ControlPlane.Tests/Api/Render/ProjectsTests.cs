using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Projects, environments, and what is in them.</summary>
public sealed class ProjectsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_project_has_environments_and_can_be_renamed_and_deleted()
    {
        var project = await CreateAsync("shop", "production", "staging");
        Assert.Equal(2, project.GetProperty("environmentIds").GetArrayLength());
        Assert.Equal(Workspace, project.GetProperty("owner").Text("id"));
        var path = $"/v1/projects/{project.Text("id")}";

        Assert.Equal("store", (await CallAsync("PATCH", path, 200, """{"name":"store"}""")).Text("name"));
        Assert.Equal("store", (await CallAsync("PATCH", path, 200, "{}")).Text("name"));
        await CallAsync("PATCH", path, 400, """{"name":null}""");
        Assert.Equal(1, (await _host.Owner.ReadAsync("/v1/projects?name=store")).GetArrayLength());
        await CallAsync("DELETE", path, 204);
        Assert.Equal(0, (await _host.Owner.ReadAsync("/v1/environments")).GetArrayLength());
    }

    [Theory]
    [InlineData("""{"name":"","ownerId":"W","environments":[{"name":"a"}]}""", "name")]
    [InlineData("""{"name":"a/b","ownerId":"W","environments":[{"name":"a"}]}""", "name")]
    [InlineData("""{"name":"x","ownerId":"W","environments":[]}""", "environments")]
    [InlineData("""{"name":"x","ownerId":"W","environments":[{"name":"a"},{"name":"a"}]}""", "environments[1].name")]
    [InlineData("""{"name":"x","ownerId":"W","environments":[{"name":"a","networkIsolationEnabled":true}]}""", "environments[0].networkIsolationEnabled")]
    [InlineData("""{"name":"x","ownerId":"W","environments":[{"name":"a","ipAllowList":[{"cidrBlock":"10.0.0.0/33","description":"office"}]}]}""", "environments[0].ipAllowList[0].cidrBlock")]
    [InlineData("""{"name":"x","ownerId":"W","environments":[{"name":"a","ipAllowList":[{"cidrBlock":"10.0.0.0/8","description":"a\nb"}]}]}""", "environments[0].ipAllowList[0].description")]
    [InlineData("""{"name":"x","ownerId":"W","environments":[{"name":"a","protectedStatus":"maybe"}]}""", "environments[0].protectedStatus")]
    public async Task What_cannot_be_or_would_have_no_effect_is_refused(string body, string field)
    {
        using var response = await _host.Owner.SendAsync(HttpMethod.Post, "/v1/projects", body.Replace("\"W\"", $"\"{Workspace}\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith($"{field}: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
        Assert.Equal(0, (await _host.Owner.ReadAsync("/v1/projects")).GetArrayLength());
    }

    [Fact]
    public async Task An_environment_has_the_inbound_rules_that_were_set()
    {
        var project = (await CreateAsync("shop", "production")).Text("id");
        const string Everywhere = """[{"cidrBlock":"0.0.0.0/0","description":"everywhere"}]""", Office = """[{"cidrBlock":"10.0.0.0/8","description":"office"}]""";
        var created = await CallAsync("POST", "/v1/environments", 201, $$"""{"name":"qa","projectId":"{{project}}","ipAllowList":{{Everywhere}}}""");
        var path = $"/v1/environments/{created.Text("id")}";

        var closed = await CallAsync("POST", "/v1/environments", 201, $$"""{"name":"test","projectId":"{{project}}","ipAllowList":[]}""");
        Assert.Equal(0, closed.GetProperty("ipAllowList").GetArrayLength());
        var changed = await CallAsync("PATCH", path, 200, $$"""{"ipAllowList":{{Office}}}""");
        Assert.Equal(Office, changed.GetProperty("ipAllowList").GetRawText());
        await CallAsync("PATCH", path, 400, """{"name":"renamed","ipAllowList":[{"cidrBlock":"10","description":""}]}""");
        var kept = await CallAsync("PATCH", path, 200, """{"protectedStatus":"protected"}""");
        Assert.Equal(("qa", Office), (kept.Text("name"), kept.GetProperty("ipAllowList").GetRawText()));
        var opened = await CallAsync("PATCH", path, 200, """{"ipAllowList":null}""");
        Assert.Equal(Everywhere, opened.GetProperty("ipAllowList").GetRawText());
    }

    [Fact]
    public async Task What_a_Blueprint_made_can_be_moved_and_keeps_its_environment_from_being_deleted()
    {
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        var service = (await _host.Owner.ReadAsync("/v1/services?name=api"))[0].GetProperty("service").Text("id");
        var environment = (await CreateAsync("shop", "production")).GetProperty("environmentIds")[0].GetString()!;
        var path = $"/v1/environments/{environment}";

        var filled = await CallAsync("POST", $"{path}/resources", 201, $$"""{"resourceIds":["{{service}}"]}""");
        Assert.Equal(service, filled.GetProperty("serviceIds")[0].GetString());
        await CallAsync("DELETE", path, 400);
        Assert.All(
            (await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token)).Changes,
            change => Assert.Equal("unchanged", change.Action));
        await CallAsync("DELETE", $"{path}/resources?resourceIds={service}", 204);
        await CallAsync("DELETE", $"{path}/resources?resourceIds={service}", 204);
        await CallAsync("DELETE", path, 204);
    }

    [Fact]
    public async Task Only_admins_change_what_is_in_a_protected_environment()
    {
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        var service = (await _host.Owner.ReadAsync("/v1/services?name=api"))[0].GetProperty("service").Text("id");
        var environment = (await CreateAsync("shop", "production")).GetProperty("environmentIds")[0].GetString()!;
        var path = $"/v1/environments/{environment}";
        using var developer = await _host.MemberAsync(Role.Developer, Workspace, Token);
        var resources = $$"""{"resourceIds":["{{service}}"]}""";
        await developer.CallAsync(HttpMethod.Post, $"{path}/resources", HttpStatusCode.Created, resources);
        await CallAsync("PATCH", path, 200, """{"protectedStatus":"protected"}""");

        await developer.CallAsync(HttpMethod.Patch, path, HttpStatusCode.Forbidden, """{"protectedStatus":"unprotected"}""");
        await developer.CallAsync(HttpMethod.Delete, $"{path}/resources?resourceIds={service}", HttpStatusCode.Forbidden);
        await developer.ReadAsync($"/v1/services/{service}");
        await developer.CallAsync(HttpMethod.Post, "/portico/v1/blueprints/apply", HttpStatusCode.Forbidden, JsonSerializer.Serialize(
            new ApplyBlueprint { Blueprint = Scenario.Blueprint.Replace("numInstances: 2", "numInstances: 4", StringComparison.Ordinal), Commit = UploadedSource.First },
            PlatformJson.Default.ApplyBlueprint));
        await CallAsync("DELETE", $"{path}/resources?resourceIds={service}", 204);
    }

    [Theory]
    [InlineData("services", """{"type":"web_service","name":"x","ownerId":"W","environmentId":"E","repo":"https://127.0.0.1:9/none.git","serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"serve"} } }""")]
    [InlineData("postgres", """{"name":"x","ownerId":"W","environmentId":"E","plan":"basic_1gb","version":"17"}""")]
    [InlineData("key-value", """{"name":"x","ownerId":"W","environmentId":"E","plan":"starter"}""")]
    [InlineData("env-groups", """{"name":"x","ownerId":"W","environmentId":"E","envVars":[]}""")]
    public async Task Only_admins_make_something_in_a_protected_environment(string list, string body)
    {
        var environment = (await CreateAsync("shop", "production")).GetProperty("environmentIds")[0].GetString()!;
        await CallAsync("PATCH", $"/v1/environments/{environment}", 200, """{"protectedStatus":"protected"}""");
        body = body.Replace("\"W\"", $"\"{Workspace}\"", StringComparison.Ordinal).Replace("\"E\"", $"\"{environment}\"", StringComparison.Ordinal);
        using var developer = await _host.MemberAsync(Role.Developer, Workspace, Token);

        await developer.CallAsync(HttpMethod.Post, $"/v1/{list}", HttpStatusCode.Forbidden, body);
        await CallAsync("POST", $"/v1/{list}", 201, body);
    }

    [Fact]
    public async Task Only_admins_deploy_and_give_values_in_a_protected_environment_by_a_Blueprint()
    {
        const string asks = "services:\n  - type: worker\n    name: w\n    runtime: node\n    buildCommand: make\n    startCommand: work\n    envVars:\n      - key: SECRET\n        sync: false\n";
        var first = new ApplyBlueprint { Blueprint = asks, Commit = UploadedSource.First, Values = new Dictionary<string, string> { ["SECRET"] = "one" } };
        await _host.Platform.ApplyAsync(first, Token);
        var service = (await _host.Owner.ReadAsync("/v1/services?name=w"))[0].GetProperty("service").Text("id");
        var environment = (await CreateAsync("shop", "production")).GetProperty("environmentIds")[0].GetString()!;
        await CallAsync("POST", $"/v1/environments/{environment}/resources", 201, $$"""{"resourceIds":["{{service}}"]}""");
        await CallAsync("PATCH", $"/v1/environments/{environment}", 200, """{"protectedStatus":"protected"}""");
        using var developer = await _host.MemberAsync(Role.Developer, Workspace, Token);

        await ApplyAsync(first, HttpStatusCode.OK);
        await ApplyAsync(first with { Values = new Dictionary<string, string> { ["SECRET"] = "two" } }, HttpStatusCode.Forbidden);
        await ApplyAsync(first with { Commit = UploadedSource.Second }, HttpStatusCode.Forbidden);
        await developer.CallAsync(HttpMethod.Post, "/portico/v1/services/w/restart", HttpStatusCode.Forbidden);
        await developer.CallAsync(HttpMethod.Post, $"/v1/services/{service}/deploys", HttpStatusCode.Forbidden, "{}");

        Task ApplyAsync(ApplyBlueprint blueprint, HttpStatusCode expected) => developer.CallAsync(
            HttpMethod.Post, "/portico/v1/blueprints/apply", expected, JsonSerializer.Serialize(blueprint, PlatformJson.Default.ApplyBlueprint));
    }

    [Fact]
    public async Task Of_several_at_once_with_one_name_one_is_made()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.Owner.SendAsync(
            HttpMethod.Post, "/v1/projects", $$"""{"name":"shop","ownerId":"{{Workspace}}","environments":[{"name":"one"}]}""")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.BadRequest or HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task What_is_of_others_is_not_there()
    {
        var project = await CreateAsync("shop", "production");
        var environment = project.GetProperty("environmentIds")[0].GetString();
        using var other = await _host.MemberAsync(Role.Admin, null, Token);

        await other.CallAsync(HttpMethod.Get, $"/v1/projects/{project.Text("id")}", HttpStatusCode.NotFound);
        await other.CallAsync(HttpMethod.Delete, $"/v1/environments/{environment}", HttpStatusCode.NotFound);
        Assert.Equal(0, (await other.ReadAsync("/v1/projects")).GetArrayLength());
        await other.CallAsync(
            HttpMethod.Post, "/v1/environments", HttpStatusCode.NotFound, $$"""{"name":"x","projectId":"{{project.Text("id")}}"}""");
    }

    private Task<JsonElement> CreateAsync(string name, params string[] environments) => CallAsync("POST", "/v1/projects", 201, $$"""
        {"name":"{{name}}","ownerId":"{{Workspace}}","environments":[{{string.Join(",", environments.Select(item => $$"""{"name":"{{item}}"}"""))}}]}
        """);

    private Task<JsonElement> CallAsync(string method, string path, int status, string? body = null) =>
        _host.Owner.CallAsync(new HttpMethod(method), path, (HttpStatusCode)status, body);
}
