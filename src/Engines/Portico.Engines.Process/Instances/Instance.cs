using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>One instance in memory: its record, and its running processes.</summary>
/// <param name="save">Writes the record to disk.</param>
internal sealed class Instance(InstanceRecord record, Action<InstanceRecord> save)
{
    private readonly Lock _lock = new();
    private InstanceRecord _record = record;
    private volatile bool _isUnsaved;

    /// <summary>A value: read once, it does not change under the reader.</summary>
    public InstanceRecord Record => Volatile.Read(ref _record);

    public SupervisedInstance Supervised => Record.Supervised;

    public string Id => Record.Id.Value;

    /// <summary>The newest start; null before the first.</summary>
    public Workload? Workload { get; set; }

    /// <summary>The health checks since the newest start; null before the first check.</summary>
    public HealthReport? Health { get; set; }

    /// <summary>Follows the workload to its end.</summary>
    public Task Life { get; set; } = Task.CompletedTask;

    /// <summary>Kills all processes of the workload, until none is left.</summary>
    public Task Killing { get; set; } = Task.CompletedTask;

    /// <summary>A start that failed for a reason of the whole machine is not retried before this time.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>The record in memory is newer than the one on disk, because it could not be written.</summary>
    public bool IsUnsaved => _isUnsaved;

    public int? ProcessId => Supervised.ExitedAt is null ? Workload?.Main?.Pid : null;

    /// <summary>Notes what has happened. It stays true in memory when it cannot be written: see <see cref="IsUnsaved"/>.</summary>
    /// <returns>Whether the record changed.</returns>
    public bool Update(Func<InstanceRecord, InstanceRecord> change)
    {
        lock (_lock)
        {
            var changed = change(_record);
            if (changed == _record)
                return false;
            // Before the change is visible: a reader that sees the end of the instance deletes what is being written.
            TrySave(changed);
            Volatile.Write(ref _record, changed);
            return true;
        }
    }

    public bool Update(Func<SupervisedInstance, SupervisedInstance> change) =>
        Update(record => record with { Supervised = change(record.Supervised) });

    /// <summary>Announces what is about to happen: written first, so that a later engine finds it.</summary>
    /// <exception cref="IOException">The record cannot be written. Nothing was changed.</exception>
    public void Commit(Func<InstanceRecord, InstanceRecord> change)
    {
        lock (_lock)
        {
            var changed = change(_record);
            save(changed);
            _isUnsaved = false;
            Volatile.Write(ref _record, changed);
        }
    }

    /// <exception cref="IOException">The record cannot be written.</exception>
    public void Save() => Commit(record => record);

    private void TrySave(InstanceRecord changed)
    {
        try
        {
            save(changed);
            _isUnsaved = false;
        }
        catch (Exception)
        {
            // The fleet saves it again, reports why that fails, and repeats it until it succeeds.
            _isUnsaved = true;
        }
    }
}
