using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Sources;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Writes down which branch a new service follows, as Render does: the default branch of its repository may be renamed later.</summary>
internal sealed class DefaultBranches(ServiceSources remotes)
{
    /// <returns>The settings unchanged if they name a branch, or if the repository does not answer in time.</returns>
    public async Task<ServiceSettings> WriteDownAsync(ServiceSettings settings, string workspace, CancellationToken cancellationToken) =>
        settings.Source.Branch is not null || GivenRepository.Of(settings.Source, workspace) is not { } given
            ? settings
            : settings with { Source = settings.Source with { Branch = await RemoteLookups.AskAsync(token => remotes.DefaultBranchAsync(given, token), cancellationToken) } };

    /// <summary>Writes down the branches of the services that a plan creates, or whose repository it changes. It must not be called in a transaction.</summary>
    /// <param name="caller">The user who applies the plan.</param>
    public async Task<BlueprintPlan> WriteDownAsync(BlueprintPlan plan, string workspace, Caller caller, CancellationToken cancellationToken)
    {
        var open = plan.Services.Where(service => service.Target is { Repo: not null, Branch: null } && service.Existing?.Repo != service.Target.Repo)
            .Select(service => service.Target.Repo!).ToList();
        if (open.Count == 0)
            return plan;
        var branches = await RemoteLookups.AskAllAsync(
            open, (url, token) => remotes.DefaultBranchAsync(new GivenRepository(url, caller.UserId, workspace), token), cancellationToken);
        return plan with { Services = [.. plan.Services.Select(service => service with { Target = WithBranch(service, branches) })] };
    }

    private static ServiceSpec WithBranch(ResourcePlan<ServiceSpec> service, IReadOnlyDictionary<string, string> branches) =>
        service.Target is { Repo: { } url, Branch: null } && service.Existing?.Repo != url ? service.Target with { Branch = branches.GetValueOrDefault(url) } : service.Target;
}
