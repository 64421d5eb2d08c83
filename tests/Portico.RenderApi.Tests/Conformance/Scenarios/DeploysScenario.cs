namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Deploys, rollbacks, jobs, and the events that tell of them.</summary>
internal sealed class DeploysScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var first = Assert.Single(await render.ListAsync("list-deploys", "deploy", [world.Api])).GetProperty("id").GetString()!;
        await DeployAsync(render, world.Api);
        await render.SendAsync("rollback-deploy", 201, [world.Api], body: $$"""{"deployId": "{{first}}"}""");
        await render.SettleAsync();
        await render.RefuseAsync("rollback-deploy", [404], "dep-", [world.Api], body: """{"deployId": "dep-00000000000000000000"}""");
        Assert.Equal("live", (await render.ListAsync("list-deploys", "deploy", [world.Api], "limit=1"))[0].GetProperty("status").GetString());
        await JobsAsync(render, world.Worker);
        await EventsAsync(render, world.Api);
    }

    private static async Task DeployAsync(RenderClient render, string service)
    {
        var second = (await render.SendAsync("create-deploy", 201, [service], body: """{"clearCache": "do_not_clear"}""")).GetProperty("id").GetString()!;
        await render.SendAsync("retrieve-deploy", 200, [service, second]);
        await render.SendAsync("cancel-deploy", 200, [service, second]);
        await render.SettleAsync();
        Assert.Equal("canceled", (await render.SendAsync("retrieve-deploy", 200, [service, second])).GetProperty("status").GetString());
        var third = (await render.SendAsync("create-deploy", 201, [service], body: """{"deployMode": "deploy_only"}""")).GetProperty("id").GetString()!;
        await render.SettleAsync();
        Assert.Equal("live", (await render.SendAsync("retrieve-deploy", 200, [service, third])).GetProperty("status").GetString());
        Assert.Single(await render.ListAsync("list-deploys", "deploy", [service], "status=canceled"));
        await render.RefuseAsync("create-deploy", [400], "commitId", [service], body: """{"commitId": "--exec=id"}""");
        await render.RefuseAsync("create-deploy", [400], "clearCache", [service], body: """{"clearCache": "maybe"}""");
    }

    private static async Task JobsAsync(RenderClient render, string service)
    {
        var job = (await render.SendAsync("post-job", 201, [service], body: """{"startCommand": "work once", "planId": ""}""")).GetProperty("id").GetString()!;
        await render.SendAsync("retrieve-job", 200, [service, job]);
        await render.SettleAsync();
        Assert.Equal("succeeded", (await render.SendAsync("retrieve-job", 200, [service, job])).GetProperty("status").GetString());
        var second = (await render.SendAsync("post-job", 201, [service], body: """{"startCommand": "work again"}""")).GetProperty("id").GetString()!;
        await render.SendAsync("cancel-job", 200, [service, second]);
        await render.SettleAsync();
        Assert.Equal(2, (await render.ListAsync("list-job", "job", [service])).Count);
        await render.RefuseAsync("post-job", [400], "startCommand", [service], body: """{"startCommand": ""}""");
    }

    private static async Task EventsAsync(RenderClient render, string service)
    {
        var events = await render.ListAsync("list-events", "event", [service]);
        Assert.NotEmpty(events);
        await render.SendAsync("retrieve-event", 200, [events[0].GetProperty("id").GetString()!]);
        Assert.NotEmpty(await render.ListAsync("list-events", "event", [service], "type=deploy_started"));
    }
}
