using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Finds the source that each service of a Blueprint is built from: the Blueprint's repository or the service's own.</summary>
internal sealed class BlueprintSources(ServiceSources sources, CommitFacts facts)
{
    /// <summary>How many repositories are asked at the same time.</summary>
    private const int MostAtOnce = 16;

    /// <summary>Finds the sources of a plan's services. It asks other machines, so it must not be called in a transaction.</summary>
    /// <returns>The source of each service, by the service's name.</returns>
    public async Task<IReadOnlyDictionary<string, OfferedSource>> ForAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, ApplyBlueprint request, BlueprintOrigin? origin, Caller caller, CancellationToken cancellationToken)
    {
        var before = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .ToDictionaryAsync(row => row.Name, row => row.Settings.Source, cancellationToken);
        var offered = new ConcurrentDictionary<string, OfferedSource>();
        await Parallel.ForEachAsync(
            plan.Services, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            async (service, token) =>
            {
                var settings = SettingsOf(service, before.GetValueOrDefault(service.Name), caller);
                offered[service.Name] = await facts.ReadAsync(await ForAsync(settings, workspace, request, origin, token), settings, token);
            });
        return offered;
    }

    /// <summary>Returns the source settings that a service has after the plan was applied.</summary>
    /// <param name="before">Those that it has now; null if it does not exist yet.</param>
    public static SourceSettings SettingsOf(ResourcePlan<ServiceSpec> plan, SourceSettings? before, Caller caller)
    {
        if (before is not null && plan.Action != PlanAction.Update)
            return before;
        var settings = ServiceMapping.ToSettings(plan.Target);
        var kept = settings with { Source = settings.Source with { Repo = GitUrl.Kept(settings.Source.Repo, before?.Repo) } };
        return kept.SetBy(caller, before, isNamed: before is null).Source;
    }

    private async Task<DeploySource> ForAsync(
        SourceSettings settings, string workspace, ApplyBlueprint request, BlueprintOrigin? origin, CancellationToken cancellationToken)
    {
        var branch = settings.Branch;
        var sent = new DeploySource(origin?.Repository ?? SourceStore.UploadsOf(workspace), request.Commit) { Branch = origin?.Branch ?? request.Branch };
        if (GivenRepository.Of(settings, workspace) is not { Url: var url } given)
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
