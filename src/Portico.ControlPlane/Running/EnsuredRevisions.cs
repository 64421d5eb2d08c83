using System.Collections.Concurrent;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Remembers which revisions the engine was asked to run since this process started. Losing it costs one repeated call per
/// revision.
/// </summary>
internal sealed class EnsuredRevisions(IEngine engine)
{
    private readonly ConcurrentDictionary<RevisionId, (int Instances, DiskMount? Disk, string? Network)> _ensured = new();

    /// <param name="diskBytes">The size that its disk is to have; null for no disk, or no limit.</param>
    /// <param name="network">The private network that it is to be in, unless its revision is in none; null for any.</param>
    public bool Contains(RevisionId id, int instances, long? diskBytes, string? network = null) =>
        _ensured.TryGetValue(id, out var ensured)
        && ensured.Instances == instances && ensured.Disk?.SizeBytes == diskBytes && (network is null || ensured.Network is null || ensured.Network == network);

    public async Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken)
    {
        await engine.EnsureAsync(revision, instances, cancellationToken);
        _ensured[revision.Id] = (instances, revision.Disk, revision.Network?.Network);
        // The engine has stopped whoever had the disk: to have that one back, it must be asked again.
        if (revision.Disk is { } disk)
            foreach (var (other, ensured) in _ensured)
                if (other != revision.Id && ensured.Disk?.Id == disk.Id)
                    _ensured.TryRemove(other, out _);
    }

    public async Task RetireAsync(RevisionId id, CancellationToken cancellationToken)
    {
        _ensured.TryRemove(id, out _);
        await engine.RetireAsync(id, cancellationToken);
    }
}
