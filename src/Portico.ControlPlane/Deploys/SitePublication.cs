using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sites;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Publishes the static site of a deploy, and notes warnings in the log of the deploy.</summary>
internal sealed class SitePublication(PublishedSites sites, DeployTransitions transitions, IDbContextFactory<PorticoDb> databases)
{
    /// <summary>Publishes what a deploy has built. It may be repeated.</summary>
    /// <returns>Null, or the reason why it cannot be published, as a message for people.</returns>
    public async Task<string?> PublishAsync(DeployRow deploy, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(RevisionFactory.RootDirectory(deploy.Settings), deploy.Settings.StaticPublishPath ?? "");
            if (await sites.PublishAsync(deploy.Id, new ArtifactId(deploy.ArtifactId!), path, cancellationToken) is { } warning)
                await NoteAsync(deploy, $"Warning: {warning}", cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is ArtifactException or SitePublishException)
        {
            return exception.Message;
        }
    }

    /// <summary>A deploy that was deleted meanwhile has no log.</summary>
    private async Task NoteAsync(DeployRow deploy, string line, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Deploys.AnyAsync(row => row.Id == deploy.Id, cancellationToken))
            return;
        transitions.Note(db, deploy, DeployLogPart.AfterBuild, line);
        await db.SaveChangesAsync(cancellationToken);
    }
}
