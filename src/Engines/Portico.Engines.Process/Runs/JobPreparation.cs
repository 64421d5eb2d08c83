using Portico.Core.Engines;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Postgres;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>Prepares a job: the server program of a database, and the disk, files and secret files of its revision.</summary>
internal sealed class JobPreparation(EngineHome home, WorkloadPlan plan, PostgresServers postgres, LogStore logs)
{
    /// <exception cref="RunFailure">The server program is not installed and cannot be fetched.</exception>
    public async Task<LaunchSpec> PrepareAsync(JobRequest job, CancellationToken cancellationToken)
    {
        if (job.Revision.Runtime is { Name: Toolchain.Postgres, Version: var major })
            await postgres.PrepareAsync(major, line => LogFile.Append(logs.OfRun(job.Id), line), cancellationToken);
        plan.MakeStorage(job.Revision);
        plan.MakeSecrets(job.Revision.SecretFiles, home.RunSecrets(job.Id), plan.AccountOf(job.Revision.Owner));
        // It ends by a signal only, and needs nothing.
        var command = job.IsHeld ? new Command.Exec(Attached.Attachments.Holder, ["infinity"]) : job.Command;
        return plan.ForRevision(job.Revision, command, job.Id.Value, port: null, logs.OfRun(job.Id), home.RunSecrets(job.Id)) with { Membership = job.Network };
    }
}
