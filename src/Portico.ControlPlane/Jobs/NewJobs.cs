using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Jobs;
using Portico.Core.Services;

namespace Portico.ControlPlane.Jobs;

/// <summary>Creates jobs and cron runs. The caller saves, and then signals the reconcilers.</summary>
internal sealed class NewJobs(IdSource ids, TimeProvider time)
{
    private const int LongestCommand = 10_000;

    /// <exception cref="RefusedException">The command or plan is invalid, or the service has no live deploy to run it in.</exception>
    public async Task<JobRow> AddAsync(
        PorticoDb db, ServiceRow service, string command, string? planId, Actor by, CancellationToken cancellationToken)
    {
        if (service.Type == ServiceType.StaticSite)
            throw Refusal.Invalid($"'{service.Name}' is a static site, which can't run jobs. Use a service that runs code.");
        if (string.IsNullOrWhiteSpace(command) || command.Length > LongestCommand || command.Contains('\0', StringComparison.Ordinal))
            throw Refusal.Invalid($"startCommand: must be a command of at most {LongestCommand} characters.");
        if (!string.IsNullOrEmpty(planId) && JobPlans.LimitsOf(planId) is null)
            throw Refusal.Invalid("planId: unknown plan. Use for example plan-srv-006 (starter), or omit it to use the service's plan.");
        if (service.Suspended)
            throw Refusal.Conflict($"'{service.Name}' is suspended. Resume it before you run a job.");
        var deploy = await LiveAsync(db, service, cancellationToken);
        return Add(db, new JobRow
        {
            Id = ids.New<JobId>().Value,
            ServiceId = service.Id,
            Kind = JobKind.OneOff,
            DeployId = deploy.Id,
            Command = command,
            PlanId = string.IsNullOrEmpty(planId) ? JobPlans.IdOf(service.Type, service.Settings) : planId,
            Status = JobStatus.Pending,
            RequestedBy = by,
            CreatedAt = time.GetUtcNow(),
        });
    }

    /// <summary>Adds a run that starts immediately. A run in progress is canceled, because there is only one at a time.</summary>
    /// <exception cref="RefusedException">The service is not a cron job, or there is nothing to run.</exception>
    public async Task<JobRow> AddCronRunAsync(PorticoDb db, ServiceRow service, Actor by, CancellationToken cancellationToken)
    {
        if (service.Type != ServiceType.CronJob)
            throw Refusal.Invalid($"'{service.Name}' is a {service.Type.Name()}, not a cron job. Run a one-off job instead.");
        if (service.Suspended)
            throw Refusal.Conflict($"'{service.Name}' is suspended. Resume it before you run it.");
        var deploy = await LiveAsync(db, service, cancellationToken);
        foreach (var active in await ActiveRuns(db, service.Id).ToListAsync(cancellationToken))
            Cancel(active, by);
        return Add(db, CronRun(service.Id, deploy.Id, deploy.Settings.StartCommand ?? "", JobPlans.IdOf(service.Type, service.Settings), by, null));
    }

    /// <summary>Adds the run for one time of the schedule.</summary>
    /// <param name="deploy">The service's live deploy.</param>
    /// <param name="command">The command of that deploy.</param>
    public JobRow AddScheduledRun(
        PorticoDb db, string service, string deploy, string command, string plan, DateTimeOffset scheduledFor) =>
        Add(db, CronRun(service, deploy, command, plan, null, scheduledFor));

    /// <summary>Requests the cancellation of a job. The request is stored; the reconciler carries it out.</summary>
    public static void Cancel(JobRow job, Actor? by)
    {
        if (!job.Status.IsActive() || job.CancelRequested)
            return;
        job.CancelRequested = true;
        job.CanceledBy = by;
        job.Version++;
    }

    public static IQueryable<JobRow> ActiveRuns(PorticoDb db, string service)
    {
        return db.Jobs.Where(row => row.ServiceId == service && row.Kind == JobKind.CronRun
            && (row.Status == JobStatus.Pending || row.Status == JobStatus.Running));
    }

    private JobRow CronRun(string service, string deploy, string command, string plan, Actor? by, DateTimeOffset? scheduledFor) => new()
    {
        Id = ids.New<CronRunId>().Value,
        ServiceId = service,
        Kind = JobKind.CronRun,
        DeployId = deploy,
        Command = command,
        PlanId = plan,
        Status = JobStatus.Pending,
        RequestedBy = by,
        ScheduledFor = scheduledFor,
        CreatedAt = time.GetUtcNow(),
    };

    private static JobRow Add(PorticoDb db, JobRow job)
    {
        db.Jobs.Add(job);
        return job;
    }

    private static async Task<DeployRow> LiveAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken) =>
        await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == service.RoutedDeployId, cancellationToken)
        ?? throw Refusal.Conflict($"'{service.Name}' has no live deploy yet, which a job needs. Deploy it first.");
}
