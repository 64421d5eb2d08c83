using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Finds the source that each service of a Blueprint is built from: the Blueprint's repository or the service's own.</summary>
internal sealed class BlueprintSources(ServiceSources sources)
{
    public async Task<IReadOnlyDictionary<string, DeploySource>> ForAsync(
        PorticoDb db, string workspace, HashSet<string> names, ApplyBlueprint request, BlueprintOrigin? origin, CancellationToken cancellationToken)
    {
        var offered = new Dictionary<string, DeploySource>();
        foreach (var service in await db.Services.AsNoTracking()
            .Where(row => row.WorkspaceId == workspace && names.Contains(row.Name)).ToListAsync(cancellationToken))
            offered[service.Id] = await ForAsync(service, request, origin, cancellationToken);
        return offered;
    }

    private async Task<DeploySource> ForAsync(
        ServiceRow service, ApplyBlueprint request, BlueprintOrigin? origin, CancellationToken cancellationToken)
    {
        var (branch, workspace) = (service.Settings.Source.Branch, service.WorkspaceId);
        var sent = new DeploySource(origin?.Repository ?? SourceStore.UploadsOf(workspace), request.Commit) { Branch = origin?.Branch ?? request.Branch };
        if (GivenRepository.Of(service) is not { Url: var url } given)
            return sent;
        if (IsSame(url, request.Origin) && IsOn(branch, origin))
            return sent;
        if (origin is not null && sources.RepositoryOf(url, workspace) == origin.Repository && IsOn(branch, origin))
            return new DeploySource(origin.Repository, origin.Commit);
        // Without an answer the deploy itself will ask, and say why it cannot.
        var tip = await sources.TipAsync(given, branch, cancellationToken);
        return new DeploySource(tip is null ? null : sources.RepositoryOf(url, workspace), tip);
    }

    /// <summary>Whether a commit is on the service's branch. A Blueprint that a user applies manually is deployed from any branch.</summary>
    private static bool IsOn(string? branch, BlueprintOrigin? origin) => origin is null || branch is null || branch == origin.Branch;

    /// <summary>Whether two URLs name the same repository, for any protocol.</summary>
    private static bool IsSame(string url, string? origin) => origin is not null && Normalize(url) == Normalize(origin);

    private static string Normalize(string url)
    {
        var text = url.Trim().TrimEnd('/');
        if (text.EndsWith(".git", StringComparison.Ordinal))
            text = text[..^4];
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            text = text[(scheme + 3)..];
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text[(at + 1)..].Replace(':', '/').ToLowerInvariant();
    }
}
