using System.Net;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class ServiceDeleteTests : ServiceTest
{
    [Fact]
    public async Task A_deleted_service_leaves_nothing_behind()
    {
        var id = await CreateAsync(WebService("api", """, "envVars": [{"key": "A", "value": "1"}], "secretFiles": [{"name": "f", "content": "x"}]"""));

        await Owner.RemoveAsync($"/v1/services/{id}");
        await Owner.RefusedAsync(HttpMethod.Get, $"/v1/services/{id}", null, HttpStatusCode.NotFound);
        await Host.Platform.SettleAsync(Token);

        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(db.EnvVars.Where(row => row.OwnerId == id));
        Assert.Empty(db.SecretFiles.Where(row => row.OwnerId == id));
        Assert.Empty(db.Deploys.Where(row => row.ServiceId == id));
        Assert.Empty(db.Events.Where(row => row.ResourceId == id));
        Assert.Empty(Host.Platform.World.Instances);
        Assert.Empty((await Host.Platform.Get<IEngine>().ListAsync(Token)).Owners);
        Assert.DoesNotContain(Host.Platform.Edge.Served?.Services ?? [], route => route.ServiceId == id);
    }

    [Fact]
    public async Task Deleting_in_the_middle_of_a_deploy_and_dying_then_leaves_nothing_either()
    {
        var created = await Owner.PostAsync("/v1/services", WebService("api"));
        var id = created.GetProperty("service").GetProperty("id").GetString()!;
        await Host.Platform.PassAsync(Token);
        await Host.Platform.PassAsync(Token);

        await Owner.RemoveAsync($"/v1/services/{id}");
        await Host.Platform.RestartAsync(Token);
        await Host.Platform.SettleAsync(Token);

        Assert.Empty(Host.Platform.World.Instances);
        Assert.Empty((await Host.Platform.Get<IEngine>().ListAsync(Token)).Owners);
    }

    [Fact]
    public async Task Who_refers_to_a_service_is_told_before_it_goes()
    {
        await ApplyAsync("""
            services:
              - { type: pserv, name: inner, runtime: node, startCommand: node . }
              - { type: worker, name: user, runtime: node, startCommand: node ., envVars: [{ key: INNER, fromService: { type: pserv, name: inner, property: hostport } }] }
            """);
        var id = (await Owner.GetJsonAsync("/v1/services?name=inner"))[0].GetProperty("service").GetProperty("id").GetString()!;

        var message = await Owner.RefusedAsync(HttpMethod.Delete, $"/v1/services/{id}", null, HttpStatusCode.Conflict);

        Assert.Contains("INNER of 'user'", message, StringComparison.Ordinal);
        await GetServiceAsync(id);
    }
}
