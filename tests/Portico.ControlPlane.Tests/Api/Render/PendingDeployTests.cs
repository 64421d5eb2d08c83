using System.Net;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Portico combines changes into one deploy, and a deploy that a user requests contains the changes made before it.</summary>
public sealed class PendingDeployTests : ServiceTest
{
    [Fact]
    public async Task Several_changes_become_one_deploy_that_has_all_of_them()
    {
        var id = await CreateAsync(WebService("api"));
        await ChangeAllAsync(id);
        Assert.Single(await DeploysAsync(id));

        var live = await LiveAsync(id);

        Assert.Equal(2, (await DeploysAsync(id)).Count);
        Assert.Equal((DeployTrigger.ServiceUpdated, "node other.js", "1", "x"), (live.Trigger, live.Settings.StartCommand, live.Environment!["A"], live.SecretFiles!["f"]));
        Assert.NotNull(live.RequestedBy);
    }

    [Theory]
    [InlineData("deploys", "{}", HttpStatusCode.Created, DeployTrigger.Api)]
    [InlineData("deploys", """{"deployMode": "deploy_only"}""", HttpStatusCode.Created, DeployTrigger.Api)]
    public async Task A_deploy_that_is_asked_for_is_the_only_one(string path, string body, HttpStatusCode expected, DeployTrigger trigger)
    {
        var id = await CreateAsync(WebService("api"));
        await ChangeAllAsync(id);
        await Owner.PostAsync($"/v1/services/{id}/{path}", body, expected);

        var live = await LiveAsync(id);

        Assert.Equal([DeployStatus.Live, DeployStatus.Deactivated], (await DeploysAsync(id)).Select(deploy => deploy.Status));
        Assert.Equal((trigger, "1"), (live.Trigger, live.Environment!["A"]));
    }

    [Fact]
    public async Task A_rollback_is_not_undone_by_changes_that_were_made_before_it()
    {
        var id = await CreateAsync(WebService("api"));
        var first = (await DeploysAsync(id))[0].Id;
        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"envSpecificDetails": {"startCommand": "node second.js"}}}""");
        await LiveAsync(id);
        await Owner.PutAsync($"/v1/services/{id}/env-vars/A", """{"value": "1"}""");
        await Owner.PostAsync($"/v1/services/{id}/rollback", $$"""{"deployId": "{{first}}"}""");

        Assert.Equal(first, (await LiveAsync(id)).RollbackOf);
    }

    [Fact]
    public async Task Changes_that_are_undone_meanwhile_deploy_nothing()
    {
        var id = await CreateAsync(WebService("api"));
        await Owner.PutAsync($"/v1/services/{id}/env-vars/A", """{"value": "1"}""");
        await Owner.RemoveAsync($"/v1/services/{id}/env-vars/A");
        await LiveAsync(id);

        Assert.Single(await DeploysAsync(id));
    }

    [Fact]
    public async Task A_client_that_never_stops_changing_something_is_deployed_all_the_same()
    {
        var id = await CreateAsync(WebService("api"));
        var changes = 0;
        while ((await DeploysAsync(id)).Count == 1 && changes < 60)
        {
            await Owner.PutAsync($"/v1/services/{id}/env-vars/A", $$"""{"value": "{{++changes}}"}""");
            await Host.Platform.PassAsync(Token);
        }

        Assert.InRange(changes, 4, 40);
        Assert.Equal("60", (await Owner.PutAsync($"/v1/services/{id}/env-vars/A", """{"value": "60"}""")).GetProperty("value").GetString());
        Assert.Equal("60", (await LiveAsync(id)).Environment!["A"]);
    }

    [Fact]
    public async Task Changes_of_a_service_that_is_suspended_meanwhile_are_deployed_after_it_is_resumed()
    {
        var id = await CreateAsync(WebService("api"));
        await Owner.PutAsync($"/v1/services/{id}/env-vars/A", """{"value": "1"}""");
        await Owner.PostAsync($"/v1/services/{id}/suspend", null, HttpStatusCode.Accepted);
        await Host.Platform.SettleAsync(Token);
        Assert.Single(await DeploysAsync(id));

        await Owner.PostAsync($"/v1/services/{id}/resume", null, HttpStatusCode.Accepted);

        Assert.Equal("1", (await LiveAsync(id)).Environment!["A"]);
    }

    /// <summary>What Terraform does for one apply: settings, variables, secret files, and a disk.</summary>
    private async Task ChangeAllAsync(string id)
    {
        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"envSpecificDetails": {"startCommand": "node other.js"}}}""");
        await Owner.PutAsync($"/v1/services/{id}/env-vars", """[{"key": "A", "value": "1"}]""");
        await Owner.PutAsync($"/v1/services/{id}/secret-files", """[{"name": "f", "content": "x"}]""");
        await Owner.PostAsync("/v1/disks", $$"""{"serviceId": "{{id}}", "name": "data", "mountPath": "/data", "sizeGB": 1}""");
    }
}
