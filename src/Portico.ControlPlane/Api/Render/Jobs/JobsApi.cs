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
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Api.Render.Jobs;

/// <summary>One-off jobs: commands that run once in the live deploy of a service.</summary>
internal static class JobsApi
{
    private static readonly JobStatus[] Named = [JobStatus.Pending, JobStatus.Running, JobStatus.Succeeded, JobStatus.Failed, JobStatus.Canceled];

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/services/{serviceId}/jobs");
        jobs.MapGet("", ListAsync).Needs(Permission.View).Is("list-job");
        jobs.MapPost("", CreateAsync).Needs(Permission.Operate).Is("post-job");
        jobs.MapGet("/{jobId}", GetAsync).Needs(Permission.View).Is("retrieve-job");
        jobs.MapPost("/{jobId}/cancel", CancelAsync).Needs(Permission.Operate).Is("cancel-job");
    }

    private static async Task<Ok<IReadOnlyList<JobWithCursor>>> ListAsync(
        string serviceId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var statuses = query.List("status", Parse, "use pending, running, succeeded, failed or canceled").ToList();
        if (statuses.Contains(JobStatus.Failed))
            statuses.Add(JobStatus.Unknown);
        var rows = Of(db, service).AsNoTracking()
            .Among(statuses, row => row.Status)
            .Between(query, "created", row => row.CreatedAt)
            .Between(query, "started", row => row.StartedAt)
            .Between(query, "finished", row => row.FinishedAt);
        var page = await rows.PageAsync(paging.NewestFirst<JobId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new JobWithCursor(ToWire(row), Paging.Cursor(row.Id)));
    }

    private static async Task<Created<Job>> CreateAsync(
        string serviceId, JobPost body, Caller caller, PorticoDb db, NewJobs jobs, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var by = await db.ActorAsync(caller, cancellationToken);
        var job = await jobs.AddAsync(db, service, body.StartCommand, body.PlanId, by, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
        return TypedResults.Created($"/v1/services/{service.Id}/jobs/{job.Id}", ToWire(job));
    }

    private static async Task<Ok<Job>> GetAsync(
        string serviceId, string jobId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        return TypedResults.Ok(ToWire(await JobAsync(db, service, jobId, cancellationToken)));
    }

    private static async Task<Ok<Job>> CancelAsync(
        string serviceId, string jobId, Caller caller, PorticoDb db, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var by = await db.ActorAsync(caller, cancellationToken);
        var job = await db.EditAsync(async () =>
        {
            var row = await JobAsync(db, service, jobId, cancellationToken);
            if (!row.Status.IsActive() && row.Status != JobStatus.Canceled)
                throw Refusal.Invalid($"jobId: {jobId} can't be canceled because it has already ended ({row.Status.JobName()}).");
            NewJobs.Cancel(row, by);
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        wakeups.Signal();
        return TypedResults.Ok(ToWire(job));
    }

    private static IQueryable<JobRow> Of(PorticoDb db, ServiceRow service) =>
        db.Jobs.Where(row => row.ServiceId == service.Id && row.Kind == JobKind.OneOff);

    private static async Task<JobRow> JobAsync(PorticoDb db, ServiceRow service, string id, CancellationToken cancellationToken) =>
        await Of(db, service).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("job", id);

    private static Job ToWire(JobRow row) => new()
    {
        Id = row.Id,
        ServiceId = row.ServiceId,
        StartCommand = row.Command,
        PlanId = row.PlanId,
        Status = row.Status.JobName(),
        CreatedAt = row.CreatedAt,
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
    };

    private static JobStatus? Parse(string name) => Named.Cast<JobStatus?>().FirstOrDefault(status => status!.Value.JobName() == name);
}
