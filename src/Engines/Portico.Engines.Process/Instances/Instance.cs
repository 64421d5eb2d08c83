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

    /// <summary>The current record, which is an immutable value.</summary>
    public InstanceRecord Record => Volatile.Read(ref _record);

    public SupervisedInstance Supervised => Record.Supervised;

    public string Id => Record.Id.Value;

    /// <summary>The workload of the newest start; null before the first.</summary>
    public Workload? Workload { get; set; }

    /// <summary>The health checks since the newest start; null before the first check.</summary>
    public HealthReport? Health { get; set; }

    /// <summary>The task that follows the workload to its end.</summary>
    public Task Life { get; set; } = Task.CompletedTask;

    /// <summary>The task that kills all processes of the workload.</summary>
    public Task Killing { get; set; } = Task.CompletedTask;

    /// <summary>The time before which a start that failed because of the whole machine is not retried.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Whether the record in memory is newer than the one on disk, because it could not be written.</summary>
    public bool IsUnsaved => _isUnsaved;

    public int? ProcessId => Supervised.ExitedAt is null ? Workload?.Command?.Pid : null;

    /// <summary>Records what has happened. If it cannot be written, it is kept in memory: see <see cref="IsUnsaved"/>.</summary>
    /// <returns>Whether the record changed.</returns>
    public bool Update(Func<InstanceRecord, InstanceRecord> change)
    {
        lock (_lock)
        {
            var changed = change(_record);
            if (changed == _record)
                return false;
            // Saved before the change is visible, because a reader that sees the end of the instance deletes its files.
            TrySave(changed);
            Volatile.Write(ref _record, changed);
            return true;
        }
    }

    public bool Update(Func<SupervisedInstance, SupervisedInstance> change) =>
        Update(record => record with { Supervised = change(record.Supervised) });

    /// <summary>Writes what is about to happen before it happens, so that a later engine finds it.</summary>
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
            // The fleet retries until it succeeds, and reports why it fails.
            _isUnsaved = true;
        }
    }
}
