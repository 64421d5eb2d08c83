using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Services;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>What refers to what in a workspace.</summary>
public sealed class ReferencesTests : IAsyncLifetime
{
    private RenderServer _server = null!;
    private World _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Variables_and_env_groups_are_references_without_their_values()
    {
        var references = await ReadAsync();
        Assert.Equal(
            [("api", "web_service"), ("cache", "key_value"), ("db", "postgres"), ("shared", "env_group"), ("site", "static_site"), ("worker", "background_worker")],
            references.Nodes.Select(node => (node.Name, node.Type)));
        Assert.Equal(
            [
                new ReferenceEdge(_world.Api, _world.Database, "variable", "DATABASE_URL", "connectionString", null),
                new ReferenceEdge(_world.Api, _world.EnvGroup, "env_group", "", null, null),
            ],
            references.Edges);
    }

    [Fact]
    public async Task A_reference_to_another_service_names_the_property_or_the_variable()
    {
        await SetAsync(_world.Worker, "API", new EnvVarSource.FromService("web", "api", "hostport", null));
        await SetAsync(_world.Worker, "WORD", new EnvVarSource.FromService("web", "api", null, "GREETING"));
        await SetAsync(_world.EnvGroup, "REDIS", new EnvVarSource.FromService("keyvalue", "cache", "connectionString", null));
        var edges = (await ReadAsync()).Edges;
        Assert.Contains(new ReferenceEdge(_world.Worker, _world.Api, "variable", "API", "hostport", null), edges);
        Assert.Contains(new ReferenceEdge(_world.Worker, _world.Api, "variable", "WORD", "GREETING", null), edges);
        Assert.Contains(new ReferenceEdge(_world.EnvGroup, _world.Cache, "variable", "REDIS", "connectionString", null), edges);
    }

    [Fact]
    public async Task A_broken_reference_says_why()
    {
        await SetAsync(_world.Worker, "GONE", new EnvVarSource.FromService("keyvalue", "old", "connectionString", null));
        await SetAsync(_world.Worker, "WORD", new EnvVarSource.FromService("web", "api", null, "NOTHING"));
        var references = await ReadAsync();
        Assert.Contains(new ReferenceNode("missing old", "old", "missing"), references.Nodes);
        var gone = references.Edges.Single(edge => edge.Key == "GONE");
        Assert.Equal(("missing old", "worker.GONE: there is no Key Value store 'old'."), (gone.To, gone.Problem));
        Assert.Equal("worker.WORD: service 'api' has no variable 'NOTHING'.", references.Edges.Single(edge => edge.Key == "WORD").Problem);
    }

    [Fact]
    public async Task A_route_of_a_site_to_another_service_is_a_reference()
    {
        await using (var db = await _server.Platform.OpenAsync(Token))
        {
            var site = await db.Services.SingleAsync(row => row.Id == _world.Site, Token);
            site.Settings = site.Settings with { Routes = [new RouteSetting(false, "/api/*", "http://api.localhost/*"), new RouteSetting(false, "/*", "/index.html")] };
            await db.SaveChangesAsync(Token);
        }
        Assert.Equal(
            new ReferenceEdge(_world.Site, _world.Api, "route", "/api/*", null, null), Assert.Single((await ReadAsync()).Edges, edge => edge.From == _world.Site));
    }

    [Fact]
    public async Task Every_member_sees_those_of_the_own_workspace_alone()
    {
        using var viewer = await SendAsync($"?ownerId={_world.Workspace}", _server.Cast.Members[Role.Viewer]);
        Assert.Equal(HttpStatusCode.OK, viewer.StatusCode);
        using var refused = await SendAsync($"?ownerId={_world.Workspace}", _server.Cast.Foreigner);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    private async Task SetAsync(string owner, string key, EnvVarSource source)
    {
        await using var db = await _server.Platform.OpenAsync(Token);
        db.EnvVars.Add(new EnvVarRow { OwnerId = owner, Key = key, Source = source });
        await db.SaveChangesAsync(Token);
    }

    private async Task<References> ReadAsync()
    {
        using var response = await SendAsync($"?ownerId={_world.Workspace}", _server.Cast.Owner);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.References, Token))!;
    }

    private Task<HttpResponseMessage> SendAsync(string query, Someone by) =>
        _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/portico/v1/references{query}"), by, Token);
}
