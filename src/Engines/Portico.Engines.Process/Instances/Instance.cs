using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>One instance in memory: its record, and what runs of it now.</summary>
/// <param name="save">Writes the record down.</param>
internal sealed class Instance(InstanceRecord record, Action<InstanceRecord> save)
{
    private readonly Lock _lock = new();
    private InstanceRecord _record = record;

    /// <summary>A value: read once, it does not change under the reader.</summary>
    public InstanceRecord Record => Volatile.Read(ref _record);

    public SupervisedInstance Supervised => Record.Supervised;

    /// <summary>What runs, or ran last.</summary>
    public Workload? Workload { get; set; }

    /// <summary>How it was asked since it was started; null when it was not yet.</summary>
    public HealthReport? Health { get; set; }

    /// <summary>Follows the workload to its end.</summary>
    public Task Life { get; set; } = Task.CompletedTask;

    public int? ProcessId => Supervised.ExitedAt is null ? Workload?.Main?.Pid : null;

    /// <summary>Changes the record, in memory and on disk.</summary>
    /// <returns>Whether it did change.</returns>
    public bool Update(Func<InstanceRecord, InstanceRecord> change)
    {
        lock (_lock)
        {
            var changed = change(_record);
            if (changed == _record)
                return false;
            // Before anyone sees it: who sees that it has ended removes what is being written.
            save(changed);
            Volatile.Write(ref _record, changed);
            return true;
        }
    }

    public bool Update(Func<SupervisedInstance, SupervisedInstance> change) =>
        Update(record => record with { Supervised = change(record.Supervised) });
}
