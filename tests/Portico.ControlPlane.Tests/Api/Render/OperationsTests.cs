using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Engines;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class OperationsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _api = "", _site = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Api => $"/v1/services/{_api}";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        (_api, _site) = (db.Services.Single(row => row.Name == "api").Id, db.Services.Single(row => row.Name == "web").Id);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_suspended_service_stops_and_comes_back_as_the_same_revision()
    {
        var revision = Assert.Single(Revisions());
        await PostAsync($"{Api}/suspend", null, HttpStatusCode.Accepted);
        await PostAsync($"{Api}/suspend", null, HttpStatusCode.Accepted);
        await SettleAsync();

        Assert.DoesNotContain(_host.Platform.World.Instances, instance => instance.Owner == _api);
        Assert.Equal(ServiceRouteState.Suspended, RouteOf(_api).State);
        await PostAsync($"{Api}/deploys", "{}", HttpStatusCode.Conflict);
        await PostAsync($"{Api}/restart", null, HttpStatusCode.Conflict);

        await PostAsync($"{Api}/resume", null, HttpStatusCode.Accepted);
        await SettleAsync();

        Assert.Equal(revision, Assert.Single(Revisions()));
        Assert.Equal((ServiceRouteState.Live, 2), (RouteOf(_api).State, RouteOf(_api).Instances.Count));
        Assert.Equal(
            ["service_resumed", "suspender_removed", "service_suspended", "suspender_added"],
            (await EventsAsync()).Take(4).Select(item => item.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_suspension_outlives_the_server_that_was_told_of_it()
    {
        await PostAsync($"{Api}/suspend", null, HttpStatusCode.Accepted);
        await _host.Platform.RestartAsync(Token);
        await SettleAsync();

        Assert.DoesNotContain(_host.Platform.World.Instances, instance => instance.Owner == _api);
        Assert.Equal(ServiceRouteState.Suspended, RouteOf(_api).State);
    }

    [Fact]
    public async Task A_restart_of_before_a_suspension_is_not_made_again_by_the_next_server()
    {
        await PostAsync($"{Api}/restart", null, HttpStatusCode.OK);
        await SettleAsync();
        await PostAsync($"{Api}/suspend", null, HttpStatusCode.Accepted);
        await SettleAsync();
        await PostAsync($"{Api}/resume", null, HttpStatusCode.Accepted);
        await SettleAsync();
        var before = InstanceIds();

        await _host.Platform.RestartAsync(Token);
        await SettleAsync();

        Assert.Equal(before, InstanceIds());

        List<string> InstanceIds() => [.. _host.Platform.World.Instances.Where(instance => instance.Owner == _api).Select(instance => instance.Id.Value)];
    }

    [Fact]
    public async Task A_suspended_site_is_not_served()
    {
        await PostAsync($"/v1/services/{_site}/suspend", null, HttpStatusCode.Accepted);
        await SettleAsync();
        Assert.Equal(ServiceRouteState.Suspended, RouteOf(_site).State);

        await PostAsync($"/v1/services/{_site}/resume", null, HttpStatusCode.Accepted);
        await SettleAsync();
        Assert.Equal(ServiceRouteState.Live, RouteOf(_site).State);
    }

    [Fact]
    public async Task Instances_are_scaled_within_one_revision()
    {
        var revision = Assert.Single(Revisions());
        await PostAsync($"{Api}/scale", """{"numInstances":4}""", HttpStatusCode.Accepted);
        await SettleAsync();
        Assert.Equal(4, (await GetAsync($"{Api}/instances")).GetArrayLength());
        Assert.Equal(4, RouteOf(_api).Instances.Count);

        await PostAsync($"{Api}/scale", """{"numInstances":1}""", HttpStatusCode.Accepted);
        await SettleAsync();
        var instance = Assert.Single((await GetAsync($"{Api}/instances")).EnumerateArray());
        Assert.Equal(RouteOf(_api).Instances.Single().Id, instance.GetProperty("id").GetString());
        Assert.True(instance.GetProperty("createdAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal(revision, Assert.Single(Revisions()));
        Assert.Single((await GetAsync($"{Api}/deploys")).EnumerateArray());
        var changed = (await EventsAsync()).First(item => item.GetProperty("type").GetString() == "instance_count_changed").GetProperty("details");
        Assert.Equal((4, 1), (changed.GetProperty("fromInstances").GetInt32(), changed.GetProperty("toInstances").GetInt32()));
    }

    [Theory]
    [InlineData("scale", """{"numInstances":0}""", "numInstances: ")]
    [InlineData("scale", """{"numInstances":-1}""", "numInstances: ")]
    [InlineData("scale", """{"numInstances":1000000}""", "numInstances: ")]
    [InlineData("scale", """{"numInstances":1.5}""", "numInstances: ")]
    [InlineData("scale", "{}", "numInstances: ")]
    public async Task A_number_of_instances_that_cannot_be_is_refused(string operation, string body, string start)
    {
        var error = await PostAsync($"{Api}/{operation}", body, HttpStatusCode.BadRequest);

        Assert.StartsWith(start, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_has_nothing_to_scale_or_restart()
    {
        await PostAsync($"/v1/services/{_site}/scale", """{"numInstances":2}""", HttpStatusCode.BadRequest);
        await PostAsync($"/v1/services/{_site}/restart", null, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_restart_brings_new_instances_of_the_same_revision()
    {
        var before = RouteOf(_api).Instances.Select(instance => instance.Id).ToList();
        await PostAsync($"{Api}/restart", null, HttpStatusCode.OK);
        await SettleAsync();

        Assert.Equal(2, RouteOf(_api).Instances.Count);
        Assert.DoesNotContain(RouteOf(_api).Instances, instance => before.Contains(instance.Id));
        var told = (await EventsAsync())[0];
        Assert.Equal("server_restarted", told.GetProperty("type").GetString());
        Assert.Equal("owner@localhost", told.GetProperty("details").GetProperty("triggeredByUser").GetString());
    }

    [Fact]
    public async Task Autoscaling_is_kept_shown_and_removed()
    {
        const string config = """{"enabled":true,"min":3,"max":5,"criteria":{"cpu":{"enabled":true,"percentage":60},"memory":{"enabled":false,"percentage":0}}}""";
        await SendAsync(HttpMethod.Put, $"{Api}/autoscaling", config, HttpStatusCode.OK);
        await SettleAsync();

        Assert.Equal(3, RouteOf(_api).Instances.Count);
        var shown = (await GetAsync(Api)).GetProperty("serviceDetails").GetProperty("autoscaling");
        Assert.Equal((3, 5), (shown.GetProperty("min").GetInt32(), shown.GetProperty("max").GetInt32()));
        await PostAsync($"{Api}/scale", """{"numInstances":4}""", HttpStatusCode.Accepted);
        await SettleAsync();
        Assert.Equal(3, RouteOf(_api).Instances.Count);
        // As in a Blueprint.
        await SendAsync(HttpMethod.Put, $"{Api}/autoscaling", config.Replace("60", "91", StringComparison.Ordinal), HttpStatusCode.BadRequest);
        await SendAsync(HttpMethod.Put, $"{Api}/autoscaling", config.Replace("\"max\":5", "\"max\":2", StringComparison.Ordinal), HttpStatusCode.BadRequest);

        await SendAsync(HttpMethod.Delete, $"{Api}/autoscaling", null, HttpStatusCode.NoContent);
        await SettleAsync();
        Assert.Equal(4, RouteOf(_api).Instances.Count);
    }

    [Fact]
    public async Task Events_tell_a_deploys_life_in_order_and_can_be_chosen()
    {
        var types = (await EventsAsync()).Select(item => item.GetProperty("type").GetString()).Reverse();
        Assert.Equal(["deploy_started", "build_started", "build_ended", "pre_deploy_started", "pre_deploy_ended", "deploy_ended"], types);

        var ended = Assert.Single(await EventsAsync("?type=deploy_ended"));
        Assert.Equal("succeeded", ended.GetProperty("details").GetProperty("deployStatus").GetString());
        var same = await GetAsync($"/v1/events/{ended.GetProperty("id").GetString()}");
        Assert.Equal(ended.GetRawText(), same.GetRawText());
        var error = await SendAsync(HttpMethod.Get, $"{Api}/events?type=party", null, HttpStatusCode.BadRequest);
        Assert.StartsWith("type: ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        using var other = await _host.MemberAsync(Core.Access.Role.Admin, null, Token);
        await other.SendAsync(HttpMethod.Get, $"/v1/events/{ended.GetProperty("id").GetString()}", null, HttpStatusCode.NotFound, Token);
    }

    [Fact]
    public async Task An_instance_that_dies_and_comes_back_is_told_once()
    {
        _host.Platform.World.Kill(_host.Platform.World.Instances.First(instance => instance.Owner == _api));
        await SettleAsync();
        await _host.Platform.RestartAsync(Token);
        await SettleAsync();

        var told = (await EventsAsync()).Take(2).ToList();
        Assert.Equal(["server_available", "server_failed"], told.Select(item => item.GetProperty("type").GetString()));
        Assert.False(told[1].GetProperty("details").GetProperty("reason").GetProperty("evicted").GetBoolean());
        Assert.Single(await EventsAsync("?type=server_failed"));
    }

    [Fact]
    public async Task Cache_and_addresses_answer()
    {
        await PostAsync($"/v1/services/{_site}/cache/purge", null, HttpStatusCode.Accepted);
        Assert.Equal("shared", (await GetAsync($"{Api}/outbound-ips")).GetProperty("type").GetString());
    }

    private IEnumerable<RevisionId> Revisions() =>
        _host.Platform.World.Revisions.Values.Where(item => item.Revision.Owner == _api).Select(item => item.Revision.Id);

    private ServiceRoute RouteOf(string service) => _host.Platform.Edge.Served!.Services.Single(item => item.ServiceId == service);

    private async Task<List<JsonElement>> EventsAsync(string query = "") =>
        [.. (await GetAsync($"{Api}/events{query}")).EnumerateArray().Select(item => item.GetProperty("event"))];

    private Task SettleAsync() => _host.Platform.SettleAsync(Token);

    private Task<JsonElement> GetAsync(string path) => _host.Owner.ReadAsync(path, Token);

    private Task<JsonElement> PostAsync(string path, string? body, HttpStatusCode expected) => SendAsync(HttpMethod.Post, path, body, expected);

    private Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected) =>
        _host.Owner.SendAsync(method, path, body, expected, Token);
}
