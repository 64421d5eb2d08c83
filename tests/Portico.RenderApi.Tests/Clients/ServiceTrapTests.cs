using System.Text.Json;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>What Render's clients send and expect beyond its OpenAPI document, for services.</summary>
public sealed class ServiceTrapTests : ClientTest
{
    [Fact]
    public async Task A_deploy_is_asked_for_with_a_body_or_with_none()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(201, "POST", $"/services/{world.Api}/deploys", "{}");
        await ExpectAsync(201, "POST", $"/services/{world.Api}/deploys");
    }

    [Fact]
    public async Task A_service_is_created_with_the_nulls_and_empties_that_clients_send()
    {
        var created = await ExpectAsync(201, "POST", "/services", $$"""
            {"type": "web_service", "name": "shop", "ownerId": "{{Workspace}}", "repo": "{{UploadedSource.Url}}", "branch": "main", "secretFiles": null,
             "buildFilter": {"paths": null, "ignoredPaths": null}, "envVars": null,
             "serviceDetails": {"runtime": "node", "plan": "starter", "region": "oregon", "previews": {}, "envSpecificDetails": {"buildCommand": "make", "startCommand": "serve"} } }
            """);
        Assert.Equal("shop", created.GetProperty("service").GetProperty("name").GetString());
        Assert.StartsWith("dep-", created.GetProperty("deployId").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_says_whose_it_is_and_gives_no_ssh_address_where_none_answers()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(200, "PATCH", $"/services/{world.Api}", """{"serviceDetails": {"maintenanceMode": {"enabled": false, "uri": ""} } }""");
        var service = await ExpectAsync(200, "GET", $"/services/{world.Api}");
        Assert.Equal(Workspace, service.GetProperty("ownerId").GetString());
        var details = service.GetProperty("serviceDetails");
        Assert.False(details.GetProperty("maintenanceMode").GetProperty("enabled").GetBoolean());
        Assert.Equal("", details.GetProperty("maintenanceMode").GetProperty("uri").GetString());
        // Nothing answers ssh here, so no address is given.
        Assert.False(details.TryGetProperty("sshAddress", out _));
    }

    [Theory]
    [InlineData("name=api", 1)]
    [InlineData("name=ap", 0)]
    [InlineData("name=api&type=web_service&includePreviews=true", 1)]
    [InlineData("name=api&type=static_site", 0)]
    [InlineData("name=api,worker", 2)]
    [InlineData("name=api&name=worker", 2)]
    [InlineData("name=api,worker&name=site&type=web_service,static_site", 2)]
    public async Task A_name_finds_exactly_its_services(string query, int count)
    {
        await CreateWorldAsync();
        var found = await ExpectAsync(200, "GET", $"/services?ownerId={Workspace}&{query}");
        Assert.Equal(count, found.GetArrayLength());
    }

    [Fact]
    public async Task Instances_are_a_bare_array()
    {
        var world = await CreateWorldAsync();
        var instances = await ExpectAsync(200, "GET", $"/services/{world.Api}/instances");
        Assert.Equal(2, instances.GetArrayLength());
        Assert.All(instances.EnumerateArray(), instance => Assert.StartsWith(world.Api, instance.GetProperty("id").GetString(), StringComparison.Ordinal));
        Assert.All(instances.EnumerateArray(), instance => Assert.True(instance.GetProperty("createdAt").TryGetDateTimeOffset(out _)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"clearCache": "do_not_clear"}""")]
    public async Task A_deploy_is_made_with_an_empty_body_and_polled_until_it_is_live(string body)
    {
        var world = await CreateWorldAsync();
        var deploy = (await ExpectAsync(201, "POST", $"/services/{world.Api}/deploys", body)).GetProperty("id").GetString();
        await SettleAsync();
        Assert.Equal("live", (await ExpectAsync(200, "GET", $"/services/{world.Api}/deploys/{deploy}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_canceled_deploy_answers_with_itself()
    {
        var world = await CreateWorldAsync();
        var deploy = (await ExpectAsync(201, "POST", $"/services/{world.Api}/deploys", "{}")).GetProperty("id").GetString();
        Assert.Equal(deploy, (await ExpectAsync(200, "POST", $"/services/{world.Api}/deploys/{deploy}/cancel")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Suspend_resume_scale_restart_and_delete_answer_with_nothing()
    {
        var world = await CreateWorldAsync();
        await ExpectEmptyAsync(202, "POST", $"/services/{world.Api}/scale", """{"numInstances": 3}""");
        await ExpectEmptyAsync(200, "POST", $"/services/{world.Api}/restart");
        await ExpectEmptyAsync(202, "POST", $"/services/{world.Api}/suspend");
        await ExpectEmptyAsync(202, "POST", $"/services/{world.Api}/resume");
        await ExpectEmptyAsync(204, "DELETE", $"/services/{world.Api}");
    }

    [Fact]
    public async Task A_job_may_have_an_empty_plan()
    {
        var world = await CreateWorldAsync();
        var job = await ExpectAsync(201, "POST", $"/services/{world.Worker}/jobs", """{"startCommand": "work once", "planId": ""}""");
        Assert.StartsWith("job-", job.GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_and_secret_files_are_replaced_by_bare_arrays()
    {
        var world = await CreateWorldAsync();
        var variables = await ExpectAsync(200, "PUT", $"/services/{world.Worker}/env-vars", """[{"key": "A", "value": "1"}]""");
        Assert.Equal("A", variables[0].GetProperty("envVar").GetProperty("key").GetString());
        await ExpectAsync(200, "PUT", $"/services/{world.Worker}/secret-files", """[{"name": "a.txt", "content": "a"}]""");
        var files = await ExpectAsync(200, "PUT", $"/services/{world.Worker}/secret-files", "null");
        Assert.Equal(JsonValueKind.Array, files.ValueKind);
        Assert.Equal(0, files.GetArrayLength());
    }

    [Fact]
    public async Task A_loop_over_variables_ends_with_an_empty_page()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(200, "PUT", $"/services/{world.Worker}/env-vars", """[{"key": "A", "value": "1"}, {"key": "B", "value": "2"}]""");
        var first = await ExpectAsync(200, "GET", $"/services/{world.Worker}/env-vars?limit=100");
        var cursor = first[1].GetProperty("cursor").GetString()!;
        Assert.Equal(0, (await ExpectAsync(200, "GET", $"/services/{world.Worker}/env-vars?limit=100&cursor={Uri.EscapeDataString(cursor)}")).GetArrayLength());
    }

    [Fact]
    public async Task A_new_service_keeps_its_notification_settings()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(200, "PATCH", $"/notification-settings/overrides/services/{world.Api}", "{}");
    }

    [Fact]
    public async Task A_shell_has_an_id_that_becomes_part_of_a_user_name()
    {
        var world = await CreateWorldAsync();
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd") || Environment.GetEnvironmentVariable("CI") == "true", "sshd is missing.");
        var answer = await ExpectAsync(201, "POST", $"/services/{world.Api}/ephemeral-shell", "{}");
        Assert.Matches("^[a-z0-9-]{10,40}$", answer.GetProperty("id").GetString());
    }
}
