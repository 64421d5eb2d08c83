using System.Text.Json;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Services of every type: created, found, changed, suspended, scaled, deleted.</summary>
internal sealed class ServicesScenario : IScenario
{
    /// <summary>Whether clients could connect to a shell: everywhere where all must be there.</summary>
    public static bool CanServeSsh => File.Exists("/usr/sbin/sshd") || Environment.GetEnvironmentVariable("CI") == "true";

    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var web = await CreateAsync(render, "web_service", "shop", """{"runtime": "node", "plan": "starter", "envSpecificDetails": {"buildCommand": "make", "startCommand": "serve"}, "healthCheckPath": "/health", "numInstances": 1}""");
        await CreateAsync(render, "private_service", "inside", """{"runtime": "node", "envSpecificDetails": {"buildCommand": "make", "startCommand": "serve"}}""");
        await CreateAsync(render, "background_worker", "mailer", """{"runtime": "python", "envSpecificDetails": {"buildCommand": "make", "startCommand": "work"}}""");
        await CreateAsync(render, "cron_job", "nightly", """{"runtime": "python", "schedule": "0 3 * * *", "envSpecificDetails": {"buildCommand": "make", "startCommand": "work"}}""");
        var site = await CreateAsync(render, "static_site", "pages", """{"buildCommand": "make", "publishPath": "."}""");
        await FindAsync(render, web);
        await RefuseAsync(render);
        await render.SettleAsync();
        var deploys = await render.ListAsync("list-deploys", "deploy", [web]);
        var events = await render.SendAsync("list-events", 200, [web]);
        Assert.True(deploys[0].GetProperty("status").GetString() == "live", events.GetRawText());
        if (CanServeSsh)
        {
            await render.SendAsync("create-ephemeral-shell", 201, [web]);
            await render.SendAsync("create-ephemeral-shell", 201, [web], body: """{"plan": "starter"}""");
        }
        await ChangeAsync(render, web);
        await LifeAsync(render, world.Api);
        await render.SendAsync("purge-cache", 202, [site]);
        await render.SendAsync("delete-service", 204, [web]);
        await render.RefuseAsync("retrieve-service", [404], web, [web]);
        await render.SettleAsync();
    }

    private static async Task<string> CreateAsync(RenderClient render, string type, string name, string details)
    {
        var answer = await render.SendAsync("create-service", 201, body: $$"""
            {"type": "{{type}}", "name": "{{name}}", "ownerId": "{{render.Workspace}}", "repo": "{{UploadedSource.Url}}", "branch": "main", "autoDeploy": "no",
             "envVars": [{"key": "A", "value": "1"}, {"key": "B", "generateValue": true}], "secretFiles": [{"name": "key.txt", "content": "secret"}], "serviceDetails": {{details}}}
            """);
        var service = answer.GetProperty("service");
        Assert.Equal(type, service.GetProperty("type").GetString());
        Assert.StartsWith("dep-", answer.GetProperty("deployId").GetString(), StringComparison.Ordinal);
        return service.GetProperty("id").GetString()!;
    }

    private static async Task FindAsync(RenderClient render, string web)
    {
        Assert.Equal(8, (await render.ListAsync("list-services", "service")).Count);
        var found = Assert.Single(await render.ListAsync("list-services", "service", query: $"ownerId={render.Workspace}&name=shop&type=web_service&includePreviews=true"));
        Assert.Equal(web, found.GetProperty("id").GetString());
        await render.SendAsync("retrieve-service", 200, [web]);
        await render.SendAsync("list-instances", 200, [web]);
        await render.SendAsync("retrieve-service-outbound-ips", 200, [web]);
    }

    private static async Task RefuseAsync(RenderClient render)
    {
        await RefuseCreateAsync(render, [400, 409], "shop", """{"name": "shop"}""");
        await RefuseCreateAsync(render, [400], "type", """{"type": "spaceship"}""");
        await RefuseCreateAsync(render, [400], "repo", """{"repo": "ext::sh -c id"}""");
        await RefuseCreateAsync(render, [400], "branch", """{"branch": "--upload-pack=x"}""");
        await RefuseCreateAsync(render, [400], "rootDir", """{"rootDir": "../../etc"}""");
        await RefuseCreateAsync(render, [404], "tea-", """{"ownerId": "tea-00000000000000000000"}""");
        await RefuseCreateAsync(render, [400], "plan", """{"serviceDetails": {"runtime": "node", "plan": "enormous", "envSpecificDetails": {"buildCommand": "a", "startCommand": "b"}}}""");
        await RefuseCreateAsync(render, [400], "numInstances", """{"serviceDetails": {"runtime": "node", "numInstances": -1, "envSpecificDetails": {"buildCommand": "a", "startCommand": "b"}}}""");
    }

    /// <summary>A service that would be created but for these fields.</summary>
    private static Task RefuseCreateAsync(RenderClient render, int[] statuses, string says, string fields)
    {
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>($$"""
            {"type": "web_service", "name": "new", "ownerId": "{{render.Workspace}}", "repo": "{{UploadedSource.Url}}", "serviceDetails": {"runtime": "node", "envSpecificDetails": {"buildCommand": "make", "startCommand": "serve"} } }
            """)!;
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(fields)!)
            body[name] = value;
        return render.RefuseAsync("create-service", statuses, says, body: JsonSerializer.Serialize(body));
    }

    private static async Task ChangeAsync(RenderClient render, string web)
    {
        var changed = await render.SendAsync("update-service", 200, [web], body: """{"name": "store", "branch": "main", "autoDeploy": "no", "serviceDetails": {"plan": "standard", "preDeployCommand": "migrate"}}""");
        Assert.Equal("store", changed.GetProperty("name").GetString());
        Assert.Equal("standard", changed.GetProperty("serviceDetails").GetProperty("plan").GetString());
        await render.RefuseAsync("update-service", [400], "numInstances", [web], body: """{"serviceDetails": {"numInstances": 2}}""");
        await render.SettleAsync();
    }

    private static async Task LifeAsync(RenderClient render, string web)
    {
        await render.SendAsync("scale-service", 202, [web], body: """{"numInstances": 2}""");
        await render.RefuseAsync("scale-service", [400], "numInstances", [web], body: """{"numInstances": 1000000}""");
        await render.SettleAsync();
        Assert.Equal(2, (await render.SendAsync("list-instances", 200, [web])).GetArrayLength());
        await render.SendAsync("restart-service", 200, [web]);
        await render.SendAsync("autoscale-service", 200, [web], body: """{"enabled": true, "min": 1, "max": 3, "criteria": {"cpu": {"enabled": true, "percentage": 70}, "memory": {"enabled": false, "percentage": 80}}}""");
        await render.SendAsync("delete-autoscaling-config", 204, [web]);
        await render.SendAsync("suspend-service", 202, [web]);
        Assert.Equal("suspended", (await render.SendAsync("retrieve-service", 200, [web])).GetProperty("suspended").GetString());
        await render.SettleAsync();
        await render.SendAsync("resume-service", 202, [web]);
        await render.SettleAsync();
    }
}
