using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Api.Render.Jobs;

/// <summary>Starts and cancels runs of a cron job.</summary>
internal static class CronRunsApi
{
    public static void MapCronRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/cron-jobs/{cronJobId}/runs");
        runs.MapPost("", RunAsync).Needs(Permission.Operate).Is("run-cron-job");
        runs.MapDelete("", CancelAsync).Needs(Permission.Operate).Is("cancel-cron-job-run");
    }

    private static async Task<Ok<CronJobRun>> RunAsync(
        string cronJobId, Caller caller, PorticoDb db, NewJobs jobs, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var service = await CronJobAsync(db, caller, cronJobId, cancellationToken);
        var by = await db.ActorAsync(caller, cancellationToken);
        var run = await db.EditAsync(async () =>
        {
            var added = await jobs.AddCronRunAsync(db, service, by, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return added;
        });
        wakeups.Signal();
        return TypedResults.Ok(ToWire(run));
    }

    private static async Task<NoContent> CancelAsync(
        string cronJobId, Caller caller, PorticoDb db, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var service = await CronJobAsync(db, caller, cronJobId, cancellationToken);
        var by = await db.ActorAsync(caller, cancellationToken);
        await db.EditAsync(async () =>
        {
            foreach (var run in await NewJobs.ActiveRuns(db, service.Id).ToListAsync(cancellationToken))
                NewJobs.Cancel(run, by);
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.NoContent();
    }

    private static Task<ServiceRow> CronJobAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.Services.AsNoTracking().GetAsync(caller, row => row.Id == id, "cron job", id, cancellationToken);

    private static CronJobRun ToWire(JobRow row) => new()
    {
        Id = row.Id,
        Status = row.Status.CronRunName(),
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
        TriggeredBy = row.RequestedBy?.Email,
        CanceledBy = row.CanceledBy?.Email,
    };
}
