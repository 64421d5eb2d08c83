using System.Collections.Concurrent;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Remembers which revisions the engine was asked to run since this process started. Losing it costs one repeated call per
/// revision.
/// </summary>
internal sealed class EnsuredRevisions(IEngine engine)
{
    private readonly ConcurrentDictionary<RevisionId, (int Instances, string? Disk)> _ensured = new();

    public bool Contains(RevisionId id, int instances) =>
        _ensured.TryGetValue(id, out var ensured) && ensured.Instances == instances;

    public async Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken)
    {
        await engine.EnsureAsync(revision, instances, cancellationToken);
        _ensured[revision.Id] = (instances, revision.Disk?.Id);
        // The engine has stopped whoever had the disk: to have that one back, it must be asked again.
        if (revision.Disk is { } disk)
            foreach (var (other, ensured) in _ensured)
                if (other != revision.Id && ensured.Disk == disk.Id)
                    _ensured.TryRemove(other, out _);
    }

    public async Task RetireAsync(RevisionId id, CancellationToken cancellationToken)
    {
        _ensured.TryRemove(id, out _);
        await engine.RetireAsync(id, cancellationToken);
    }
}
