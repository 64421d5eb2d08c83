using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>The complete log of a deploy: notes of the platform, and the output of the build and the pre-deploy command.</summary>
internal sealed class DeployLog(IDbContextFactory<PorticoDb> databases, IEngine engine, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <param name="follow">Whether to follow the log until the deploy has ended.</param>
    public async IAsyncEnumerable<LogLine> ReadAsync(string deploy, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in Enum.GetValues<DeployLogPart>())
        {
            var last = 0L;
            for (var isPast = false; !isPast;)
            {
                // In this order: what is told with the end of a part is surely read.
                isPast = IsPast(part, await StatusAsync(deploy, cancellationToken)) || !follow;
                foreach (var note in await NotesAsync(deploy, part, last, cancellationToken))
                {
                    last = note.Number;
                    yield return new LogLine(deploy, note.Text);
                }
                if (!isPast)
                    await Task.Delay(Glance, time, cancellationToken);
            }
            if (RunAfter(part, deploy) is not var (run, during))
                continue;
            while (follow && await IsAboutToStartAsync(deploy, run, during, cancellationToken))
                await Task.Delay(Glance, time, cancellationToken);
            await foreach (var line in engine.ReadLogsAsync(new LogQuery { Run = run, Follow = follow }, cancellationToken))
                yield return line;
        }
    }

    /// <summary>
    /// Whether a run may not have started yet. A deploy changes its status before it starts the run, so a missing run has
    /// not ended.
    /// </summary>
    private async Task<bool> IsAboutToStartAsync(string deploy, RunId run, DeployStatus during, CancellationToken cancellationToken) =>
        await engine.GetRunAsync(run, cancellationToken) is RunState.Absent
        && await StatusAsync(deploy, cancellationToken) == during;

    private static (RunId Run, DeployStatus During)? RunAfter(DeployLogPart part, string deploy) => part switch
    {
        DeployLogPart.BeforeBuild => (RevisionFactory.BuildId(deploy), DeployStatus.BuildInProgress),
        DeployLogPart.AfterBuild => (RevisionFactory.PreDeployId(deploy), DeployStatus.PreDeployInProgress),
        _ => null,
    };

    private static bool IsPast(DeployLogPart part, DeployStatus? status) => status is not { } now || part switch
    {
        DeployLogPart.BeforeBuild => now is not (DeployStatus.Created or DeployStatus.Queued),
        DeployLogPart.AfterBuild => now is not (DeployStatus.Created or DeployStatus.Queued or DeployStatus.BuildInProgress),
        _ => !now.IsActive(),
    };

    private async Task<DeployStatus?> StatusAsync(string deploy, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Deploys.Where(row => row.Id == deploy).Select(row => (DeployStatus?)row.Status).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<List<DeployNoteRow>> NotesAsync(string deploy, DeployLogPart part, long after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.DeployNotes.AsNoTracking().Where(row => row.DeployId == deploy && row.Part == part && row.Number > after)
            .OrderBy(row => row.Number).ToListAsync(cancellationToken);
    }
}
