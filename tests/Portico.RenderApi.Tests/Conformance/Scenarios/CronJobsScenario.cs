using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Runs of cron jobs by hand.</summary>
internal sealed class CronJobsScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        var service = (await render.SendAsync("create-service", 201, body: $$"""
            {"type": "cron_job", "name": "nightly", "ownerId": "{{render.Workspace}}", "repo": "{{UploadedSource.Url}}",
             "serviceDetails": {"runtime": "python", "schedule": "0 3 * * *", "envSpecificDetails": {"buildCommand": "make", "startCommand": "work"} } }
            """)).GetProperty("service").GetProperty("id").GetString()!;
        await render.SettleAsync();
        await render.SendAsync("run-cron-job", 200, [service]);
        await render.SendAsync("cancel-cron-job-run", 204, [service]);
        await render.RefuseAsync("run-cron-job", [400, 404], "", [world.Api]);
        await render.SettleAsync();
    }
}
