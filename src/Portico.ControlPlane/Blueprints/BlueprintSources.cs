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
    /// <summary>Finds the sources of a plan's services. It asks other machines, so it must not be called in a transaction.</summary>
    /// <returns>The source of each service, by the service's name.</returns>
    public async Task<IReadOnlyDictionary<string, OfferedSource>> ForAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, ApplyBlueprint request, BlueprintOrigin? origin, Caller caller, CancellationToken cancellationToken)
    {
        var before = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .ToDictionaryAsync(row => row.Name, row => row.Settings.Source, cancellationToken);
        var settings = plan.Services.ToDictionary(service => service.Name, service => SettingsOf(service, before.GetValueOrDefault(service.Name), caller));
        var elsewhere = settings.Values.Where(source => Known(source, workspace, request, origin) is null)
            .Select(source => (Repository: GivenRepository.Of(source, workspace)!, source.Branch));
        var tips = await RemoteLookups.AskAllAsync(elsewhere, (asked, token) => sources.TipAsync(asked.Repository, asked.Branch, token), cancellationToken);
        var offered = new ConcurrentDictionary<string, OfferedSource>();
        await Parallel.ForEachAsync(
            settings, new ParallelOptions { MaxDegreeOfParallelism = RemoteLookups.MostAtOnce, CancellationToken = cancellationToken }, async (item, token) =>
            {
                var source = Known(item.Value, workspace, request, origin) ?? TipOf(item.Value, workspace, tips);
                offered[item.Key] = await facts.ReadAsync(source, item.Value, token);
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

    /// <returns>Null if the service has a repository that must be asked.</returns>
    private DeploySource? Known(SourceSettings settings, string workspace, ApplyBlueprint request, BlueprintOrigin? origin)
    {
        var branch = settings.Branch;
        var sent = new DeploySource(origin?.Repository ?? SourceStore.UploadsOf(workspace), request.Commit) { Branch = origin?.Branch ?? request.Branch };
        if (settings.Repo is not { } url || (IsSame(url, request.Origin) && IsOn(branch, origin)))
            return sent;
        return origin is not null && sources.RepositoryOf(url, workspace) == origin.Repository && IsOn(branch, origin)
            ? new DeploySource(origin.Repository, origin.Commit)
            : null;
    }

    private DeploySource TipOf(SourceSettings settings, string workspace, IReadOnlyDictionary<(GivenRepository, string?), string> tips)
    {
        var given = GivenRepository.Of(settings, workspace)!;
        // Without an answer the deploy itself will ask, and say why it cannot.
        return tips.TryGetValue((given, settings.Branch), out var tip) ? new DeploySource(sources.RepositoryOf(given.Url, workspace), tip) : new DeploySource(null, null);
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
