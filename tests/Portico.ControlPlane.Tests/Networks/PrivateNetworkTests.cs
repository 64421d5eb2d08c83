using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Engines;
using Portico.Core.Routing;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Networks;

/// <summary>The whole platform on an engine with a private network.</summary>
public sealed class PrivateNetworkTests : IAsyncLifetime
{
    private const string File = """
        databases:
          - name: db
        services:
          - type: keyvalue
            name: cache
            ipAllowList: []
          - type: pserv
            name: api
            runtime: node
            buildCommand: make
            startCommand: serve
            envVars:
              - key: DATABASE_URL
                fromDatabase: { name: db, property: connectionString }
              - key: REDIS_URL
                fromService: { type: keyvalue, name: cache, property: connectionString }
              - key: REDIS_HOST
                fromService: { type: keyvalue, name: cache, property: host }
          - type: pserv
            name: own
            runtime: node
            buildCommand: make
            startCommand: serve
            envVars:
              - key: PORT
                value: "3000"
              - key: API
                fromService: { type: pserv, name: api, property: hostport }
              - key: OWN
                fromService: { type: pserv, name: own, property: hostport }
        """;

    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SimWorld World => _host.Platform.World;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        World.PrivateNetwork = SimWorld.SomePrivateNetwork;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Variables_contain_the_names_and_ports_of_the_private_network()
    {
        await DeployAsync();

        var (api, own, db, cache) = (Variables("api"), Variables("own"), await StoreAsync("db"), await StoreAsync("cache"));
        Assert.Contains($"@{db}:5432/", api["DATABASE_URL"], StringComparison.Ordinal);
        Assert.Equal($"redis://{cache}:6379", api["REDIS_URL"]);
        Assert.Equal(cache, api["REDIS_HOST"]);
        Assert.Equal("api:10000", own["API"]);
        Assert.Equal("own:3000", own["OWN"]);
        Assert.Equal("api-discovery", api["RENDER_DISCOVERY_SERVICE"]);
    }

    [Fact]
    public async Task Everything_is_in_the_network_of_its_workspace()
    {
        await DeployAsync();

        Assert.All(World.Revisions.Values, item => Assert.Equal(_host.Platform.Workspace, item.Revision.Network?.Network));
        Assert.All(World.Builds.Values, build => Assert.Equal(_host.Platform.Workspace, build.Network?.Network));
        Assert.Equal("10.201.64.1", World.Revisions.Values.First(item => item.Revision.Name is "db" or "cache").Revision.Network!.Address![..^1] + "1");
    }

    [Fact]
    public async Task The_engine_is_told_the_names_and_the_edge_gets_its_part()
    {
        await DeployAsync();
        var (routes, cache) = (await RoutesAsync(), await StoreAsync("cache"));

        var network = Assert.Single(World.Networks);
        Assert.Equal((_host.Platform.Workspace, 1, "10.201.240.1"), (network.Id, network.Number, network.Resolver));
        Assert.Equal(new[] { "api", "cache", "db", "own", cache, await StoreAsync("db") }.Order(StringComparer.Ordinal), network.Names.Keys.Order(StringComparer.Ordinal));
        var api = routes.Services.Single(service => service.Name == "api");
        Assert.Equal(network.Names["api"], api.InternalAddress);
        Assert.Null(api.InternalPort);
        Assert.Equal(network.Names[cache], Assert.Single(routes.Network!.Stores).Address);
        Assert.Equal(api.ServiceId, Assert.Single(routes.Network.Networks).Discovery["api-discovery"]);
        Assert.Equal(3, network.Services.Count);
    }

    [Fact]
    public async Task A_deploy_of_before_keeps_its_loopback_ports_until_it_is_replaced()
    {
        await DeployAsync();
        await using (var db = await _host.Platform.OpenAsync(Token))
            await db.Deploys.Where(row => row.Id == db.Services.Single(service => service.Name == "api").RoutedDeployId)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.InPrivateNetwork, false), Token);
        await _host.Platform.RestartAsync(Token);
        await _host.Platform.SettleAsync(Token);

        var routes = await RoutesAsync();
        Assert.Null(World.Revisions.Values.Single(item => item.Revision.Name == "api").Revision.Network);
        Assert.All(routes.Services, service => Assert.NotNull(service.InternalPort));
        Assert.Equal(["cache", "db"], routes.LoopbackStores.Select(store => store.Name).Order());

        await _host.Owner.ReadAsync("/v1/services");
        using (var response = await _host.Owner.SendAsync(HttpMethod.Post, $"/v1/services/{await ServiceAsync("api")}/deploys", "{}"))
            Assert.True(response.IsSuccessStatusCode);
        await _host.Platform.SettleAsync(Token);
        routes = await RoutesAsync();
        Assert.All(routes.Services, service => Assert.Null(service.InternalPort));
        Assert.Empty(routes.LoopbackStores);
    }

    [Fact]
    public async Task Resources_of_an_earlier_version_get_addresses()
    {
        await DeployAsync();
        await using (var db = await _host.Platform.OpenAsync(Token))
        {
            await db.Services.ExecuteUpdateAsync(set => set.SetProperty(row => row.AddressNumber, (int?)null), Token);
            await db.DataStores.ExecuteUpdateAsync(set => set.SetProperty(row => row.AddressNumber, (int?)null), Token);
            await db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(row => row.NetworkNumber, (int?)null), Token);
        }
        await _host.Platform.SettleAsync(Token);

        await using var after = await _host.Platform.OpenAsync(Token);
        Assert.Equal([1, 2], (await after.Services.Select(row => row.AddressNumber!.Value).ToListAsync(Token)).Order());
        Assert.Equal([1, 2], (await after.DataStores.Select(row => row.AddressNumber!.Value).ToListAsync(Token)).Order());
        Assert.Equal(6, Assert.Single(World.Networks).Names.Count);
    }

    [Fact]
    public async Task An_isolated_environment_has_a_network_of_its_own()
    {
        await DeployAsync();
        var project = await CallAsync("POST", "/v1/projects", $$"""{"name":"p","ownerId":"{{_host.Platform.Workspace}}","environments":[{"name":"e","networkIsolationEnabled":true}]}""");
        var environment = project.GetProperty("environmentIds")[0].GetString()!;
        await CallAsync("POST", $"/v1/environments/{environment}/resources", $$"""{"resourceIds":["{{await ServiceAsync("own")}}"]}""");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(["own"], World.Networks.Single(network => network.Id == environment).Names.Keys);
        Assert.DoesNotContain("own", World.Networks.Single(network => network.Id == _host.Platform.Workspace).Names.Keys);
        Assert.Equal(environment, World.Revisions.Values.Single(item => item.Revision.Name == "own").Revision.Network!.Network);

        await CallAsync("PATCH", $"/v1/environments/{environment}", """{"networkIsolationEnabled":false}""");
        await _host.Platform.SettleAsync(Token);
        Assert.Contains("own", Assert.Single(World.Networks).Names.Keys);
        Assert.Equal(_host.Platform.Workspace, World.Revisions.Values.Single(item => item.Revision.Name == "own").Revision.Network!.Network);
    }

    [Fact]
    public async Task The_API_shows_internal_addresses()
    {
        await DeployAsync();

        var details = (await _host.Owner.ReadAsync($"/v1/services/{await ServiceAsync("api")}")).GetProperty("serviceDetails");
        Assert.Equal("http://api:10000", details.GetProperty("url").GetString());
        var cache = await StoreAsync("cache");
        var info = await _host.Owner.ReadAsync($"/v1/key-value/{cache}/connection-info");
        Assert.Equal($"redis://{cache}:6379", info.GetProperty("internalConnectionString").GetString());
        // Names of the private network mean nothing on the machine itself.
        Assert.Matches("^redis://default:[^@]+@10\\.201\\.64\\.[0-9]+:6379$", info.GetProperty("externalConnectionString").GetString());
        var database = await _host.Owner.ReadAsync("/portico/v1/connections/db");
        Assert.Matches("^10\\.201\\.64\\.[0-9]+:5432$", $"{database.GetProperty("host").GetString()}:{database.GetProperty("port").GetInt32()}");
    }

    [Fact]
    public async Task With_internal_authentication_the_edge_logs_nobody_in()
    {
        await DeployAsync();
        var cache = await StoreAsync("cache");
        var (path, connection) = ($"/portico/v1/key-value/{cache}/internal-authentication", $"/v1/key-value/{cache}/connection-info");
        Assert.False((await _host.Owner.ReadAsync(path)).GetProperty("enabled").GetBoolean());
        Assert.NotNull(Assert.Single((await RoutesAsync()).Network!.Stores).Password);

        Assert.True((await CallAsync("PUT", path, """{"enabled":true}""")).GetProperty("enabled").GetBoolean());
        // A file says nothing of it.
        await _host.Platform.ApplyAsync(
            new ApplyBlueprint { Blueprint = File.Replace("name: cache\n", "name: cache\n    plan: standard\n", StringComparison.Ordinal), Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);

        Assert.True((await _host.Owner.ReadAsync(path)).GetProperty("enabled").GetBoolean());
        Assert.Null(Assert.Single((await RoutesAsync()).Network!.Stores).Password);
        Assert.StartsWith("redis://default:", (await _host.Owner.ReadAsync(connection)).GetProperty("internalConnectionString").GetString(), StringComparison.Ordinal);
        await CallAsync("PUT", path, """{"enabled":false}""");
        Assert.NotNull(Assert.Single((await RoutesAsync()).Network!.Stores).Password);
        Assert.Equal($"redis://{cache}:6379", (await _host.Owner.ReadAsync(connection)).GetProperty("internalConnectionString").GetString());
    }

    private async Task DeployAsync()
    {
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = File, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
    }

    private IReadOnlyDictionary<string, string> Variables(string name) =>
        World.Revisions.Values.Single(item => item.Revision.Name == name).Revision.Environment;

    private async Task<RoutesSnapshot> RoutesAsync() => _host.Platform.Get<RoutesBuilder>().Build(
        1, await _host.Platform.Get<RouteRowsReader>().ReadAsync(Token), _host.Platform.Get<IEngine>().Observe(), (_, make) => make());

    private async Task<string> StoreAsync(string name)
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return await db.DataStores.Where(row => row.Name == name).Select(row => row.Id).SingleAsync(Token);
    }

    private async Task<string> ServiceAsync(string name)
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return await db.Services.Where(row => row.Name == name).Select(row => row.Id).SingleAsync(Token);
    }

    private async Task<JsonElement> CallAsync(string method, string path, string body)
    {
        using var response = await _host.Owner.SendAsync(new HttpMethod(method), path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
    }
}
