using Portico.Core.Engines;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>Prepares a job: the disk, files and secret files of its revision.</summary>
internal sealed class JobPreparation(EngineHome home, WorkloadPlan plan, LogStore logs)
{
    public LaunchSpec Prepare(JobRequest job)
    {
        plan.MakeStorage(job.Revision);
        plan.MakeSecrets(job.Revision.SecretFiles, home.RunSecrets(job.Id));
        return plan.ForRevision(job.Revision, job.Command, job.Id.Value, port: null, logs.OfRun(job.Id), home.RunSecrets(job.Id));
    }
}
