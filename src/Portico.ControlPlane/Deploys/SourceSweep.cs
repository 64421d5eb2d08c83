using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Deploys;

/// <summary>Removes commits, files in Git LFS and mirrors that no kept deploy and no service needs.</summary>
internal sealed class SourceSweep(SourceStore sources, LfsStore files, ServiceSources remotes)
{
    public Task PruneAsync(IEnumerable<string> keptCommits, CancellationToken cancellationToken) =>
        sources.PruneAsync(keptCommits.ToHashSet(), cancellationToken);

    public Task PruneFilesAsync(CancellationToken cancellationToken) => files.SweepAsync(cancellationToken);

    /// <param name="keptRepositories">The repositories of kept deploys; those that a service builds from are kept too.</param>
    public async Task PruneMirrorsAsync(PorticoDb db, IEnumerable<string> keptRepositories, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Select(row => new { row.WorkspaceId, row.Settings }).ToListAsync(cancellationToken);
        var followed = services.Where(item => item.Settings.Source.Repo is not null)
            .Select(item => remotes.RepositoryOf(item.Settings.Source.Repo!, item.WorkspaceId));
        await sources.PruneMirrorsAsync(followed.Concat(keptRepositories).ToHashSet(), cancellationToken);
    }
}
