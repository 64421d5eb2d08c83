using System.Net;
using System.Text.Json;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class ServiceWriteTests : ServiceTest
{
    [Fact]
    public async Task A_new_service_is_built_from_its_repository_and_goes_live()
    {
        var created = await Owner.PostAsync("/v1/services", WebService("api"));
        var id = created.GetProperty("service").GetProperty("id").GetString()!;

        var live = await LiveAsync(id);

        Assert.Equal(created.GetProperty("deployId").GetString(), live.Id);
        Assert.Equal(UploadedSource.Second, live.Commit);
        Assert.Equal(DeployTrigger.Api, live.Trigger);
        Assert.Single(Host.Platform.World.Instances);
    }

    [Theory]
    [InlineData("static_site", """{"publishPath": "./"}""")]
    [InlineData("private_service", """{"runtime": "node", "envSpecificDetails": {"startCommand": "node ."}, "disk": {"name": "data", "mountPath": "/var/data"}}""")]
    [InlineData("background_worker", """{"env": "python", "plan": "pro_plus", "region": "frankfurt", "envSpecificDetails": {"startCommand": "python w.py"}}""")]
    [InlineData("cron_job", """{"runtime": "node", "schedule": "*/5 * * * *", "envSpecificDetails": {"startCommand": "node ."}}""")]
    public async Task Every_type_can_be_made(string type, string details)
    {
        var created = (await Owner.PostAsync("/v1/services", $$"""
            {"type": "{{type}}", "name": "thing", "ownerId": "{{Host.Platform.Workspace}}", "repo": "{{UploadedSource.Url}}", "serviceDetails": {{details}}}
            """)).GetProperty("service");

        Assert.Equal(type, created.GetProperty("type").GetString());
        foreach (var given in JsonDocument.Parse(details).RootElement.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String))
            Assert.Equal(given.Value.GetString(), created.GetProperty("serviceDetails").GetProperty(given.Name).GetString());
    }

    [Fact]
    public async Task Nulls_and_empties_of_clients_are_taken_for_nothing()
    {
        var created = await Owner.PostAsync("/v1/services", WebService(
            "api",
            """, "branch": "", "rootDir": "", "secretFiles": null, "envVars": null, "buildFilter": {"paths": null, "ignoredPaths": null}, "image": null""",
            """, "previews": {}, "plan": "", "healthCheckPath": "", "preDeployCommand": null, "disk": null, "maintenanceMode": {"enabled": false, "uri": ""}"""));

        Assert.Equal("starter", created.GetProperty("service").GetProperty("serviceDetails").GetProperty("plan").GetString());
    }

    private static readonly (string Body, string Says)[] RefusedBodies =
    [
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "serviceDetails": {"runtime": "node"}}""", "repo: "),
        ("""{"type": "website", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a"}""", "type: "),
        ("""{"type": "web_service", "ownerId": "OWNER", "repo": "https://example.org/a"}""", "name: "),
        ("""{"type": "web_service", "name": "-a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "name: "),
        ("""{"type": "web_service", "name": "a\u0000b", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "name: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "ext::sh -c id", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "repo: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "branch": "--upload-pack=x", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "branch: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "rootDir": "../..", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "rootDir: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a"}""", "serviceDetails.runtime: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "cobol", "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.runtime: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "docker"}}""", "serviceDetails.runtime: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node"}}""", "serviceDetails.envSpecificDetails.startCommand: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "plan": "huge", "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.plan: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "numInstances": 0, "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.numInstances: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "maxShutdownDelaySeconds": 301, "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.maxShutdownDelaySeconds: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "schedule": "* * * * *", "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.schedule: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "previews": {"generation": "automatic"}, "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.previews: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "maintenanceMode": {"enabled": true, "uri": "ftp://example.org"}, "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.maintenanceMode.uri: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "ipAllowList": [{"cidrBlock": "010.0.0.0/8", "description": ""}], "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.ipAllowList[0].cidrBlock: "),
        ("""{"type": "static_site", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"ipAllowList": [{"cidrBlock": "10.0.0.0/33", "description": ""}]}}""", "serviceDetails.ipAllowList[0].cidrBlock: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "image": {"imagePath": "docker.io/library/nginx"}, "serviceDetails": {"runtime": "image"}}""", "serviceDetails.runtime: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "surprise": 1}""", "surprise: "),
        ("""{"type": "static_site", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"plan": "starter"}}""", "serviceDetails.plan: "),
        ("""{"type": "static_site", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"headers": [{"path": "/*", "name": "X A", "value": "1"}]}}""", "serviceDetails.headers[0].name: "),
        ("""{"type": "cron_job", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "serviceDetails.schedule: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "envVars": [{"key": "A", "value": "1"}, {"key": "A", "value": "2"}], "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "envVars[1].key: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "envVars": [{"key": "A=B", "value": "1"}], "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "envVars[0].key: "),
        ("""{"type": "web_service", "name": "a", "ownerId": "OWNER", "repo": "https://example.org/a", "secretFiles": [{"name": "../x", "content": ""}], "serviceDetails": {"runtime": "node", "envSpecificDetails": {"startCommand": "x"}}}""", "secretFiles[0].name: "),
    ];

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        foreach (var (body, says) in RefusedBodies)
            Assert.StartsWith(
                says, await Owner.RefusedAsync(HttpMethod.Post, "/v1/services", body.Replace("OWNER", Host.Platform.Workspace, StringComparison.Ordinal)),
                StringComparison.Ordinal);
        Assert.Empty((await Owner.GetJsonAsync("/v1/services")).EnumerateArray());
    }

    [Fact]
    public async Task A_name_is_taken_once_in_a_workspace_and_an_address_once_at_all()
    {
        using var other = await Host.MemberAsync(Role.Admin, null, Token);
        var theirs = (await other.GetJsonAsync("/v1/owners"))[0].GetProperty("owner").GetProperty("id").GetString()!;
        await Owner.PostAsync("/v1/services", WebService("api"));

        await Owner.RefusedAsync(HttpMethod.Post, "/v1/services", WebService("api"), HttpStatusCode.Conflict);
        var second = await other.PostAsync("/v1/services", WebService("api")
            .Replace(Host.Platform.Workspace, theirs, StringComparison.Ordinal).Replace(UploadedSource.Url, "https://127.0.0.1:9/none.git", StringComparison.Ordinal));
        var similar = await Owner.PostAsync("/v1/services", WebService("Api"));

        Assert.Matches("^api-[0-9a-v]{4}$", second.GetProperty("service").GetProperty("slug").GetString());
        Assert.Matches("^api-[0-9a-v]{4}$", similar.GetProperty("service").GetProperty("slug").GetString());
    }

    [Fact]
    public async Task Of_two_who_take_a_name_at_once_one_gets_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var content = new StringContent(WebService("api"), System.Text.Encoding.UTF8, "application/json");
            using var response = await Owner.PostAsync(new Uri("/v1/services", UriKind.Relative), content, Token);
            return response.StatusCode;
        }));

        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(status => status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_change_of_what_runs_deploys_and_what_is_absent_stays()
    {
        var id = await CreateAsync(WebService("api", details: """, "healthCheckPath": "/ok", "plan": "standard" """));

        var changed = await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"envSpecificDetails": {"startCommand": "node other.js"}}}""");
        var live = await LiveAsync(id);

        var details = changed.GetProperty("serviceDetails");
        Assert.Equal("node other.js", details.GetProperty("envSpecificDetails").GetProperty("startCommand").GetString());
        Assert.Equal("npm ci", details.GetProperty("envSpecificDetails").GetProperty("buildCommand").GetString());
        Assert.Equal("/ok", details.GetProperty("healthCheckPath").GetString());
        Assert.Equal("standard", details.GetProperty("plan").GetString());
        Assert.Equal((DeployTrigger.ServiceUpdated, "node other.js"), (live.Trigger, live.Settings.StartCommand));
        Assert.Equal(2, (await DeploysAsync(id)).Count);
    }

    [Fact]
    public async Task Maintenance_mode_holds_at_once_without_a_deploy_and_is_told_of()
    {
        var id = await CreateAsync(WebService("api"));
        await LiveAsync(id);

        var changed = await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"maintenanceMode": {"enabled": true, "uri": "https://example.org/soon"}}}""");
        await Host.Platform.SettleAsync(Token);

        var mode = changed.GetProperty("serviceDetails").GetProperty("maintenanceMode");
        Assert.Equal((true, "https://example.org/soon"), (mode.GetProperty("enabled").GetBoolean(), mode.GetProperty("uri").GetString()));
        var route = Host.Platform.Edge.Served!.Services.Single(item => item.ServiceId == id);
        Assert.Equal(("https://example.org/soon", 1), (route.Maintenance!.Uri, route.Instances.Count));
        Assert.Single(await DeploysAsync(id));
        var told = (await Owner.GetJsonAsync($"/v1/services/{id}/events?type=maintenance_mode_enabled,maintenance_mode_uri_updated")).EnumerateArray()
            .Select(item => item.GetProperty("event").GetProperty("details")).ToList();
        Assert.Contains(told, details => details.TryGetProperty("enabled", out var enabled) && enabled.GetBoolean());
        Assert.Contains(told, details => details.TryGetProperty("toURI", out var uri) && uri.GetString() == "https://example.org/soon");

        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"maintenanceMode": {"enabled": false, "uri": ""}}}""");
        await Host.Platform.SettleAsync(Token);
        Assert.Null(Host.Platform.Edge.Served!.Services.Single(item => item.ServiceId == id).Maintenance);
        await Owner.RefusedAsync(
            HttpMethod.Patch, $"/v1/services/{id}", """{"serviceDetails": {"maintenanceMode": {"enabled": true, "uri": "http://api.localhost/soon"}}}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Inbound_IP_rules_hold_at_once_without_a_deploy()
    {
        var id = await CreateAsync(WebService("api"));
        await LiveAsync(id);
        foreach (var (list, expected) in ((string, string[]?)[])
        [
            ("""[{"cidrBlock": "192.0.2.77/24", "description": "us"}, {"cidrBlock": "2001:db8::1", "description": ""}]""", ["192.0.2.0/24", "2001:db8::1/128"]),
            ("[]", []),
            ("""[{"cidrBlock": "192.0.2.0/24", "description": ""}, {"cidrBlock": "0.0.0.0/0", "description": "everywhere"}]""", null),
        ])
        {
            var changed = await Owner.PatchAsync($"/v1/services/{id}", $$$"""{"serviceDetails": {"ipAllowList": {{{list}}}}}""");
            await Host.Platform.SettleAsync(Token);
            var shown = changed.GetProperty("serviceDetails").GetProperty("ipAllowList");
            Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(list).RootElement, shown), $"{shown}");
            Assert.Equal(expected, Host.Platform.Edge.Served!.Services.Single(item => item.ServiceId == id).AllowedSources);
        }
        Assert.Single(await DeploysAsync(id));
    }

    [Fact]
    public async Task Null_is_not_absence()
    {
        var id = await CreateAsync(WebService("api", ""","autoDeploy": "no" """));
        foreach (var (patch, field, expected) in ((string, string, string)[])
        [
            ("""{"serviceDetails": {"healthCheckPath": "/ok", "plan": "standard"}}""", "healthCheckPath", "/ok"),
            ("""{"serviceDetails": {}}""", "healthCheckPath", "/ok"),
            ("""{"serviceDetails": null}""", "plan", "standard"),
            ("""{"serviceDetails": {"healthCheckPath": null}}""", "healthCheckPath", ""),
            ("""{"serviceDetails": {"plan": "pro_max"}}""", "plan", "pro_max"),
            ("""{"serviceDetails": {"plan": null, "healthCheckPath": ""}}""", "plan", "starter"),
        ])
            Assert.Equal(
                expected, (await Owner.PatchAsync($"/v1/services/{id}", patch)).GetProperty("serviceDetails").GetProperty(field).GetString());
    }

    [Fact]
    public async Task What_concerns_no_instance_deploys_nothing()
    {
        var id = await CreateAsync(WebService("api"));

        await Owner.PatchAsync($"/v1/services/{id}", """{"buildFilter": {"paths": ["src/**"], "ignoredPaths": []}}""");
        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"renderSubdomainPolicy": "disabled"}}""");
        await Owner.PatchAsync($"/v1/services/{id}", """{"autoDeploy": "yes"}""");
        await Owner.PatchAsync($"/v1/services/{id}", "{}");

        Assert.Single(await DeploysAsync(id));
    }

    [Fact]
    public async Task The_platforms_own_address_can_be_turned_off_and_on_again()
    {
        var id = await CreateAsync(WebService("api"));
        await LiveAsync(id);
        string[] Hosts() => [.. Host.Platform.Edge.Served!.Services.Single(item => item.ServiceId == id).Hosts];
        Assert.Equal(["api.localhost"], Hosts());

        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"renderSubdomainPolicy": "disabled"}}""");
        await Host.Platform.SettleAsync(Token);
        Assert.Empty(Hosts());

        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"renderSubdomainPolicy": "enabled"}}""");
        await Host.Platform.SettleAsync(Token);
        Assert.Equal(["api.localhost"], Hosts());
    }

    [Fact]
    public async Task Without_auto_deploy_a_change_waits_for_the_next_deploy()
    {
        var id = await CreateAsync(WebService("api", ""","autoDeployTrigger": "off" """));

        await Owner.PatchAsync($"/v1/services/{id}", """{"serviceDetails": {"plan": "pro"}}""");
        await Host.Platform.SettleAsync(Token);

        Assert.Single(await DeploysAsync(id));
        Assert.Equal("pro", (await GetServiceAsync(id)).GetProperty("serviceDetails").GetProperty("plan").GetString());
    }

    [Fact]
    public async Task Another_plan_or_auto_deploy_is_told_as_an_event_and_an_equal_one_is_not()
    {
        var id = await CreateAsync(WebService("api"));
        await Owner.PatchAsync($"/v1/services/{id}", """{"autoDeploy": "no", "serviceDetails": {"plan": "pro_plus"} }""");
        await Owner.PatchAsync($"/v1/services/{id}", """{"autoDeploy": "no", "serviceDetails": {"plan": "pro_plus"} }""");
        await Owner.PatchAsync($"/v1/services/{id}", """{"autoDeployTrigger": "commit"}""");

        var events = (await Owner.GetJsonAsync($"/v1/services/{id}/events?type=plan_changed,auto_deploy_disabled,auto_deploy_enabled")).EnumerateArray()
            .Select(item => item.GetProperty("event")).ToDictionary(item => item.GetProperty("type").GetString()!, item => item.GetProperty("details"));
        Assert.Equal(3, events.Count);
        Assert.Equal(("starter", "pro_plus"), (events["plan_changed"].GetProperty("from").GetString(), events["plan_changed"].GetProperty("to").GetString()));
        Assert.Equal("commit", events["auto_deploy_disabled"].GetProperty("fromTrigger").GetString());
        Assert.Equal("commit", events["auto_deploy_enabled"].GetProperty("newTrigger").GetString());
    }

    private static readonly (string Body, string Says)[] RefusedChanges =
    [
        ("""{"name": null}""", "name: "),
        ("""{"name": "a/b"}""", "name: "),
        ("""{"repo": null}""", "repo: "),
        ("""{"repo": "-x"}""", "repo: "),
        ("""{"autoDeploy": "maybe"}""", "autoDeploy: "),
        ("""{"autoDeployTrigger": "checksPass"}""", "autoDeployTrigger: "),
        ("""{"serviceDetails": {"runtime": "static"}}""", "serviceDetails.runtime: "),
        ("""{"serviceDetails": {"runtime": null}}""", "serviceDetails.runtime: "),
        ("""{"serviceDetails": {"schedule": "* * * * *"}}""", "serviceDetails.schedule: "),
        ("""{"serviceDetails": {"publishPath": "x"}}""", "serviceDetails.publishPath: "),
        ("""{"serviceDetails": {"envSpecificDetails": {"startCommand": null}}}""", "serviceDetails.envSpecificDetails.startCommand: "),
        ("""{"serviceDetails": {"maxShutdownDelaySeconds": "ten"}}""", "serviceDetails.maxShutdownDelaySeconds: "),
        ("""{"serviceDetails": {"cache": {"profile": "origin-controlled"}}}""", "serviceDetails.cache.profile: "),
        ("""{"serviceDetails": {"numInstances": 3}}""", "serviceDetails.numInstances: "),
        ("""{"buildFilter": {"paths": [null], "ignoredPaths": []}}""", "buildFilter"),
        ("""{"name": "b", "name": "c"}""", "name: "),
        ("""[]""", "body: "),
    ];

    [Fact]
    public async Task A_change_that_cannot_be_is_refused_by_name()
    {
        var id = await CreateAsync(WebService("api"));
        foreach (var (patch, says) in RefusedChanges)
            Assert.StartsWith(says, await Owner.RefusedAsync(HttpMethod.Patch, $"/v1/services/{id}", patch), StringComparison.Ordinal);
        Assert.Single(await DeploysAsync(id));
    }

    [Fact]
    public async Task Changes_at_once_do_not_lose_each_other()
    {
        var id = await CreateAsync(WebService("api"));
        string[] patches =
        [
            """{"serviceDetails": {"plan": "pro"}}""", """{"serviceDetails": {"healthCheckPath": "/ok"}}""", """{"branch": "other"}""",
            """{"rootDir": "api"}""", """{"serviceDetails": {"maxShutdownDelaySeconds": 7}}""", """{"autoDeploy": "no"}""",
        ];

        await Task.WhenAll(patches.Select(patch => Owner.PatchAsync($"/v1/services/{id}", patch)));

        var service = await GetServiceAsync(id);
        var details = service.GetProperty("serviceDetails");
        Assert.Equal(
            ("pro", "/ok", "other", "api", 7, "no"),
            (details.GetProperty("plan").GetString(), details.GetProperty("healthCheckPath").GetString(), service.GetProperty("branch").GetString(),
                service.GetProperty("rootDir").GetString(), details.GetProperty("maxShutdownDelaySeconds").GetInt32(), service.GetProperty("autoDeploy").GetString()));
    }

    [Fact]
    public async Task A_new_name_goes_to_all_who_refer_to_it_and_the_address_stays()
    {
        await ApplyAsync("""
            services:
              - { type: pserv, name: inner, runtime: node, startCommand: node . }
              - { type: worker, name: user, runtime: node, startCommand: node ., envVars: [{ key: INNER, fromService: { type: pserv, name: inner, property: hostport } }] }
            """);
        var id = (await Owner.GetJsonAsync("/v1/services?name=inner"))[0].GetProperty("service").GetProperty("id").GetString()!;

        var renamed = await Owner.PatchAsync($"/v1/services/{id}", """{"name": "core"}""");

        Assert.Equal(("core", "inner"), (renamed.GetProperty("name").GetString(), renamed.GetProperty("slug").GetString()));
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Contains("name: core\n          property: hostport", Portico.Blueprint.BlueprintWriter.Write(
            await ExistingBlueprint.ReadAsync(db, Host.Platform.Workspace, Token)), StringComparison.Ordinal);
        await Owner.RefusedAsync(HttpMethod.Patch, $"/v1/services/{id}", """{"name": "user"}""", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_the_api_made_is_exported_as_a_blueprint_that_changes_nothing()
    {
        await CreateAsync(WebService("api", details: """, "plan": "pro_plus", "healthCheckPath": "/ok", "maxShutdownDelaySeconds": 5"""));
        await CreateAsync(StaticSite("site", """, "routes": [{"type": "rewrite", "source": "/*", "destination": "/index.html"}]"""));
        string blueprint;
        await using (var db = await Host.Platform.OpenAsync(Token))
            blueprint = Portico.Blueprint.BlueprintWriter.Write(await ExistingBlueprint.ReadAsync(db, Host.Platform.Workspace, Token));

        var plan = await Host.Platform.ApplyAsync(
            new Portico.Api.Contracts.Platform.ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.Second, DryRun = true }, Token);

        Assert.Equal(2, plan.Changes.Count);
        Assert.All(plan.Changes, change => Assert.Equal("unchanged", change.Action));
    }
}
