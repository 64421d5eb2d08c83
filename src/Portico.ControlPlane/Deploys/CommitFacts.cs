using Portico.ControlPlane.Sources;
using Portico.Core.Services;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Asks git about commits that may be deployed, before the transaction that creates the deploys: all other writers would wait
/// for git too.
/// </summary>
internal sealed class CommitFacts(SourceStore sources)
{
    /// <summary>Returns a source with what is known of its commit.</summary>
    /// <param name="settings">The settings of the service that is built from it.</param>
    public async Task<OfferedSource> ReadAsync(DeploySource source, SourceSettings settings, CancellationToken cancellationToken)
    {
        if (source is not { Repository: { } repository, Commit: { } commit } || !await sources.ContainsAsync(repository, commit, cancellationToken))
            return new OfferedSource(source, null);
        return new OfferedSource(source, new CommitFact(
            await sources.KeyAsync(repository, commit, settings, cancellationToken), await sources.DescribeAsync(repository, commit, cancellationToken)));
    }
}

/// <param name="Fact">Null if the commit is not on this machine yet. The deploy finds it out after fetching.</param>
internal sealed record OfferedSource(DeploySource Source, CommitFact? Fact);

/// <param name="Key">As <see cref="SourceStore.KeyAsync"/> returns it.</param>
internal sealed record CommitFact(string? Key, CommitDescription Description);
