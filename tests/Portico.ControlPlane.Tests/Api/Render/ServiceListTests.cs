using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class ServiceListTests : IAsyncLifetime
{
    private const string Blueprint = """
        services:
          - { type: web, name: api, runtime: node, plan: pro plus, startCommand: node ., healthCheckPath: /ok, rootDir: api }
          - { type: pserv, name: inner, runtime: python, startCommand: python app.py, region: frankfurt, autoDeployTrigger: "off" }
          - { type: worker, name: sender, runtime: node, startCommand: node . }
          - { type: cron, name: nightly, runtime: node, startCommand: node ., schedule: "0 3 * * *" }
          - { type: web, name: site, runtime: static, rootDir: web, staticPublishPath: ./ }
        """;

    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        var applied = await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Blueprint, Commit = UploadedSource.First }, Token);
        Assert.True(applied.Applied, string.Join("\n", applied.Diagnostics));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static readonly (string Query, string Expected)[] Filters =
    [
        ("", "api inner nightly sender site"),
        ("?name=api", "api"),
        ("?name=ap", ""),
        ("?name=api,site", "api site"),
        ("?name=api&name=site", "api site"),
        ("?type=web_service,cron_job", "api nightly"),
        ("?env=python", "inner"),
        ("?env=node&type=background_worker", "sender"),
        ("?region=frankfurt", "inner"),
        ("?region=oregon&type=private_service", ""),
        ("?suspended=not_suspended&name=api", "api"),
        ("?suspended=suspended", ""),
        ("?createdBefore=2020-01-01T00:00:00Z", ""),
        ("?createdAfter=2020-01-01T00:00:00Z&name=api", "api"),
        ("?updatedAfter=2020-01-01T00:00:00Z&updatedBefore=2030-01-01T00:00:00Z&name=api", "api"),
        ("?environmentId=evm-00000000000000000000", ""),
        ("?ownerId=tea-00000000000000000000", ""),
        ("?includePreviews=true&name=api", "api"),
    ];

    [Fact]
    public async Task A_filter_keeps_what_matches()
    {
        foreach (var (query, expected) in Filters)
        {
            var list = await _host.Owner.GetJsonAsync($"/v1/services{query}");
            Assert.Equal((query, expected), (query, string.Join(' ', list.EnumerateArray().Select(NameOf).Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public async Task A_filter_that_makes_no_sense_is_named()
    {
        foreach (var query in (string[])["type=websites", "suspended=maybe", "env=cobol", "region=mars", "createdAfter=yesterday", "includePreviews=1", "limit=1000", "cursor=x"])
            Assert.StartsWith(
                $"{query.Split('=')[0]}: ", await _host.Owner.RefusedAsync(HttpMethod.Get, $"/v1/services?{query}", null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&env=node,python,static")]
    public async Task Pages_lead_through_all_of_them(string filter)
    {
        var (names, cursor) = (new List<string?>(), "");
        for (var page = 0; page < 10; page++)
        {
            var list = await _host.Owner.GetJsonAsync($"/v1/services?limit=2{filter}{cursor}");
            if (list.GetArrayLength() == 0)
                break;
            names.AddRange(list.EnumerateArray().Select(NameOf));
            cursor = $"&cursor={list[list.GetArrayLength() - 1].GetProperty("cursor").GetString()}";
        }

        Assert.Equal(["api", "inner", "nightly", "sender", "site"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_web_service_is_told_in_renders_words()
    {
        var service = await FindAsync("api");
        var details = service.GetProperty("serviceDetails");

        Assert.Equal(_host.Platform.Workspace, service.GetProperty("ownerId").GetString());
        Assert.Equal("web_service", service.GetProperty("type").GetString());
        Assert.Equal("yes", service.GetProperty("autoDeploy").GetString());
        Assert.Equal("pro_plus", details.GetProperty("plan").GetString());
        Assert.Equal("node .", details.GetProperty("envSpecificDetails").GetProperty("startCommand").GetString());
        Assert.Equal("http://api.localhost:8080", details.GetProperty("url").GetString());
        Assert.False(details.TryGetProperty("sshAddress", out _));
        Assert.False(details.GetProperty("maintenanceMode").GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Each_type_has_its_details()
    {
        foreach (var (name, path, expected) in ((string, string, string)[])
        [
            ("inner", "autoDeploy", "no"),
            ("inner", "serviceDetails.region", "frankfurt"),
            ("nightly", "serviceDetails.schedule", "0 3 * * *"),
            ("site", "serviceDetails.publishPath", "./"),
            ("sender", "serviceDetails.buildPlan", "starter"),
        ])
            Assert.Equal(expected, path.Split('.').Aggregate(await FindAsync(name), (element, part) => element.GetProperty(part)).GetString());
    }

    [Fact]
    public async Task A_service_of_another_workspace_is_not_there()
    {
        using var other = await _host.MemberAsync(Role.Admin, null, Token);
        var id = (await FindAsync("api")).GetProperty("id").GetString();

        Assert.Empty((await other.GetJsonAsync("/v1/services")).EnumerateArray());
        await other.RefusedAsync(HttpMethod.Get, $"/v1/services/{id}", null, HttpStatusCode.NotFound);
    }

    private async Task<JsonElement> FindAsync(string name)
    {
        var found = Assert.Single((await _host.Owner.GetJsonAsync($"/v1/services?name={name}")).EnumerateArray());
        return await _host.Owner.GetJsonAsync($"/v1/services/{found.GetProperty("service").GetProperty("id").GetString()}");
    }

    private static string? NameOf(JsonElement item) => item.GetProperty("service").GetProperty("name").GetString();
}
