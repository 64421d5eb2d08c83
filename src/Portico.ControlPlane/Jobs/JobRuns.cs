using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Jobs;

/// <summary>Converts a job to a run of the engine. Pure: the same job results in the same run, also after a restart.</summary>
internal static class JobRuns
{
    /// <summary>Render's limits.</summary>
    public static readonly TimeSpan LongestCronRun = TimeSpan.FromHours(12), LongestJob = TimeSpan.FromDays(30);

    public static RunId IdOf(JobRow job)
    {
        return new RunId(job.Id);
    }

    public static bool IsOfJob(RunId run) =>
        run.Value.StartsWith("job-", StringComparison.Ordinal) || run.Value.StartsWith("crr-", StringComparison.Ordinal);

    public static JobRequest Create(JobRow job, DeployRow deploy, ServiceRow service, NetworkMembership? network)
    {
        var revision = RevisionFactory.Create(deploy, service, network);
        return new JobRequest
        {
            Id = IdOf(job),
            Command = new Command.Shell(job.Command),
            // A job cannot use the disk: the service's instance has it.
            Revision = revision with { Disk = null, Limits = JobPlans.LimitsOf(job.PlanId) ?? revision.Limits },
            Network = network,
            Timeout = job.Kind == JobKind.CronRun ? LongestCronRun : LongestJob,
        };
    }
}
