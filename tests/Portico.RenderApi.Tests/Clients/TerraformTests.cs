using System.Text.Json;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>What Render's Terraform provider does to change resources that exist.</summary>
public sealed class TerraformTests : ClientTest
{
    private const string CpuOnly = """{"enabled": true, "min": 2, "max": 3, "criteria": {"cpu": {"enabled": true, "percentage": 60}, "memory": {"enabled": false, "percentage": 70}}}""";

    private const string Off = """{"enabled": false, "min": 1, "max": 4, "criteria": {"cpu": {"enabled": false, "percentage": 50}, "memory": {"enabled": true, "percentage": 80}}}""";

    [Fact]
    public async Task Every_kind_of_resource_moves_between_environments()
    {
        var world = await CreateWorldAsync();
        var cron = (await ExpectAsync(201, "POST", "/services", $$$"""
            {"type": "cron_job", "name": "nightly", "ownerId": "{{{Workspace}}}", "repo": "{{{UploadedSource.Url}}}",
             "serviceDetails": {"runtime": "python", "schedule": "0 3 * * *", "envSpecificDetails": {"buildCommand": "make", "startCommand": "work"} } }
            """)).GetProperty("service").GetProperty("id").GetString()!;
        var (first, second) = (await CreateEnvironmentAsync("first"), await CreateEnvironmentAsync("second"));
        foreach (var (id, list) in ((string, string)[])
            [(world.Api, "serviceIds"), (world.Worker, "serviceIds"), (world.Site, "serviceIds"), (cron, "serviceIds"), (world.Database, "databasesIds"), (world.Cache, "redisIds"), (world.EnvGroup, "envGroupIds")])
        {
            Assert.Equal([id], await AddAsync(first, id, list));
            await ExpectEmptyAsync(204, "DELETE", $"/environments/{id}/resources?resourceIds={id}");
            Assert.Empty(await MembersAsync(first, list));
            Assert.Equal([id], await AddAsync(second, id, list));
            // Without removing it first.
            Assert.Equal([id], await AddAsync(first, id, list));
            Assert.Empty(await MembersAsync(second, list));
            await ExpectEmptyAsync(204, "DELETE", $"/environments/{second}/resources?resourceIds={id}");
            Assert.Empty(await MembersAsync(first, list));
        }
    }

    [Fact]
    public async Task A_resource_in_no_environment_can_be_removed_from_it_and_an_unknown_one_cannot()
    {
        var world = await CreateWorldAsync();
        await ExpectEmptyAsync(204, "DELETE", $"/environments/{world.Site}/resources?resourceIds={world.Site}");
        await ExpectAsync(404, "DELETE", "/environments/evm-00000000000000000000/resources?resourceIds=srv-00000000000000000000");
        await ExpectAsync(400, "DELETE", $"/environments/{world.Site}/resources");
    }

    [Fact]
    public async Task A_number_of_instances_that_is_set_during_autoscaling_counts_afterwards()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(200, "PUT", $"/services/{world.Api}/autoscaling", CpuOnly);
        await ExpectEmptyAsync(202, "POST", $"/services/{world.Api}/scale", """{"numInstances": 5}""");
        await SettleAsync();
        Assert.Equal(2, await InstancesAsync(world.Api));
        Assert.Equal(5, (await DetailsAsync(world.Api)).GetProperty("numInstances").GetInt32());
        await ExpectEmptyAsync(204, "DELETE", $"/services/{world.Api}/autoscaling");
        await SettleAsync();
        Assert.Equal(5, await InstancesAsync(world.Api));
        Assert.False((await DetailsAsync(world.Api)).TryGetProperty("autoscaling", out _));
    }

    [Theory]
    [InlineData(CpuOnly)]
    [InlineData(Off)]
    public async Task Autoscaling_is_answered_as_it_was_sent(string config)
    {
        var world = await CreateWorldAsync();
        AssertSame(config, await ExpectAsync(200, "PUT", $"/services/{world.Api}/autoscaling", config));
        AssertSame(config, (await DetailsAsync(world.Api)).GetProperty("autoscaling"));
        var patched = await ExpectAsync(200, "PATCH", $"/services/{world.Api}", """{"name": "renamed"}""");
        AssertSame(config, patched.GetProperty("serviceDetails").GetProperty("autoscaling"));
        var created = await ExpectAsync(201, "POST", "/services", $$$"""
            {"type": "background_worker", "name": "scaled", "ownerId": "{{{Workspace}}}", "repo": "{{{UploadedSource.Url}}}",
             "serviceDetails": {"runtime": "python", "plan": "standard", "envSpecificDetails": {"buildCommand": "make", "startCommand": "work"}, "autoscaling": {{{config}}} } }
            """);
        AssertSame(config, created.GetProperty("service").GetProperty("serviceDetails").GetProperty("autoscaling"));
    }

    [Fact]
    public async Task Autoscaling_that_is_turned_off_has_no_effect()
    {
        var world = await CreateWorldAsync();
        await ExpectEmptyAsync(202, "POST", $"/services/{world.Api}/scale", """{"numInstances": 1}""");
        await ExpectAsync(200, "PUT", $"/services/{world.Api}/autoscaling", CpuOnly);
        await SettleAsync();
        Assert.Equal(2, await InstancesAsync(world.Api));
        await ExpectAsync(200, "PUT", $"/services/{world.Api}/autoscaling", Off);
        await SettleAsync();
        Assert.Equal(1, await InstancesAsync(world.Api));
    }

    [Fact]
    public async Task A_service_shows_whether_it_overrides_notifications()
    {
        var world = await CreateWorldAsync();
        foreach (var (level, shown) in ((string, string)[])[("all", "notify"), ("failure", "notify"), ("none", "ignore"), ("default", "default")])
        {
            await ExpectAsync(200, "PATCH", $"/notification-settings/overrides/services/{world.Api}", $$"""{"notificationsToSend": "{{level}}"}""");
            Assert.Equal(shown, (await ExpectAsync(200, "GET", $"/services/{world.Api}")).GetProperty("notifyOnFail").GetString());
            Assert.Equal(shown, (await ExpectAsync(200, "GET", "/services?name=api"))[0].GetProperty("service").GetProperty("notifyOnFail").GetString());
        }
    }

    [Fact]
    public async Task A_service_that_names_no_branch_follows_the_default_one_and_says_which()
    {
        foreach (var repository in (string[])[UploadedSource.Url, "https://git.example.invalid/nothing.git"])
        {
            var created = await ExpectAsync(201, "POST", "/services", $$$"""
                {"type": "static_site", "name": "site{{{repository.Length}}}", "ownerId": "{{{Workspace}}}", "repo": "{{{repository}}}", "serviceDetails": {"buildCommand": "make", "publishPath": "."} }
                """);
            Assert.Equal("main", created.GetProperty("service").GetProperty("branch").GetString());
        }
        await using var db = await Server.Platform.OpenAsync(Token);
        // Only what was found out is written down.
        Assert.Equal(["main", null], db.Services.OrderBy(row => row.Id).AsEnumerable().Select(row => row.Settings.Source.Branch));
    }

    [Fact]
    public async Task Refused_previews_are_not_called_accepted()
    {
        var world = await CreateWorldAsync();
        var message = (await ExpectAsync(400, "PATCH", $"/services/{world.Api}", """{"serviceDetails": {"previews": {"generation": "automatic"}}}""")).GetProperty("message").GetString()!;
        Assert.StartsWith("serviceDetails.previews: not supported: the previews of 'api'", message, StringComparison.Ordinal);
        Assert.EndsWith("Omit it, or turn it off.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("no effect", message, StringComparison.Ordinal);
    }

    private static void AssertSame(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"expected {expected}\nactual {actual.GetRawText()}");

    private async Task<JsonElement> DetailsAsync(string service) => (await ExpectAsync(200, "GET", $"/services/{service}")).GetProperty("serviceDetails");

    private async Task<int> InstancesAsync(string service) => (await ExpectAsync(200, "GET", $"/services/{service}/instances")).GetArrayLength();

    private async Task<string> CreateEnvironmentAsync(string project) =>
        (await ExpectAsync(201, "POST", "/projects", $$"""{"name": "{{project}}", "ownerId": "{{Workspace}}", "environments": [{"name": "prod", "protectedStatus": "protected", "networkIsolationEnabled": false}]}"""))
            .GetProperty("environmentIds")[0].GetString()!;

    private async Task<string[]> AddAsync(string environment, string resource, string list) =>
        Ids((await ExpectAsync(201, "POST", $"/environments/{environment}/resources", $$"""{"resourceIds": ["{{resource}}"]}""")).GetProperty(list));

    private async Task<string[]> MembersAsync(string environment, string list) =>
        Ids((await ExpectAsync(200, "GET", $"/environments/{environment}")).GetProperty(list));

    private static string[] Ids(JsonElement list) => list.ValueKind == JsonValueKind.Null ? [] : [.. list.EnumerateArray().Select(id => id.GetString()!)];
}
