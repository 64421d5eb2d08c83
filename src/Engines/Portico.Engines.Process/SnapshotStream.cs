using System.Runtime.CompilerServices;
using Portico.Core.Engines;

namespace Portico.Engines.Process;

/// <summary>Holds the newest snapshot and lets readers wait for the next one. A slow reader skips snapshots and delays no other reader.</summary>
internal sealed class SnapshotStream
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EngineSnapshot _current = EngineSnapshot.Empty;

    public EngineSnapshot Current => _current;

    /// <summary>Publishes a new snapshot if the instances have changed.</summary>
    public void Publish(IReadOnlyList<InstanceSnapshot> instances)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_current.Instances.SequenceEqual(instances))
                return;
            _current = new EngineSnapshot(_current.Version + 1, instances);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }

    public async IAsyncEnumerable<EngineSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var (snapshot, changed) = Next();
            yield return snapshot;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private (EngineSnapshot Snapshot, Task Changed) Next()
    {
        lock (_lock)
            return (_current, _changed.Task);
    }
}
