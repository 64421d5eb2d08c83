using Portico.ControlPlane.Sources;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Writes down which branch a new service follows, as Render does: the default branch of its repository may be renamed later.</summary>
internal sealed class DefaultBranches(ServiceSources remotes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The settings unchanged if they name a branch, or if the repository does not answer in time.</returns>
    public async Task<ServiceSettings> WriteDownAsync(ServiceSettings settings, string workspace, CancellationToken cancellationToken)
    {
        if (settings.Source.Branch is not null || GivenRepository.Of(settings.Source, workspace) is not { } given)
            return settings;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return settings with { Source = settings.Source with { Branch = await remotes.DefaultBranchAsync(given, patience.Token) } };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return settings;
        }
    }
}
