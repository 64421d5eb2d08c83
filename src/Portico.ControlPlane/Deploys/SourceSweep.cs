using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Removes commits, files in Git LFS and mirrors that no kept deploy and no service needs. A repository that Git cannot read keeps
/// what it has, and no other one does.
/// </summary>
internal sealed class SourceSweep(SourceStore sources, LfsStore files, ServiceSources remotes)
{
    public async Task PruneAsync(IEnumerable<string> keptCommits, ItemRetries items, CancellationToken cancellationToken)
    {
        var needed = keptCommits.ToHashSet();
        foreach (var repository in sources.WithOwnCommits())
            await items.TryAsync($"commits of {repository}", token => sources.PruneAsync(repository, needed, token), cancellationToken);
    }

    public Task PruneFilesAsync(ItemRetries items, CancellationToken cancellationToken) => files.SweepAsync(items, cancellationToken);

    /// <param name="keptRepositories">The repositories of kept deploys; those that a service builds from are kept too.</param>
    public async Task PruneMirrorsAsync(PorticoDb db, IEnumerable<string> keptRepositories, ItemRetries items, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Select(row => new { row.WorkspaceId, row.Settings }).ToListAsync(cancellationToken);
        var followed = services.Where(item => item.Settings.Source.Repo is not null)
            .Select(item => remotes.RepositoryOf(item.Settings.Source.Repo!, item.WorkspaceId));
        var needed = followed.Concat(keptRepositories).ToHashSet();
        foreach (var mirror in sources.Mirrors().Where(mirror => !needed.Contains(mirror)))
            await items.TryAsync($"mirror {mirror}", token => sources.RemoveMirrorAsync(mirror, token), cancellationToken);
        await items.TryAsync("files of removed repositories", sources.FinishRemovalsAsync, cancellationToken);
    }
}
