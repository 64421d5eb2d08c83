using System.Collections.Concurrent;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// What the engine has been asked to run since this process started. Losing it costs one repeated call for each revision.
/// </summary>
public sealed class EnsuredRevisions(IEngine engine)
{
    private readonly ConcurrentDictionary<RevisionId, int> _instances = new();

    public bool Contains(RevisionId id, int instances) =>
        _instances.TryGetValue(id, out var ensured) && ensured == instances;

    public async Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken)
    {
        await engine.EnsureAsync(revision, instances, cancellationToken);
        _instances[revision.Id] = instances;
    }

    public async Task RetireAsync(RevisionId id, CancellationToken cancellationToken)
    {
        _instances.TryRemove(id, out _);
        await engine.RetireAsync(id, cancellationToken);
    }
}
