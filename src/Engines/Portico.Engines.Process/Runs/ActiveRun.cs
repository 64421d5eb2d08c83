using Portico.Core.Engines;

namespace Portico.Engines.Process.Runs;

/// <summary>One build or job in memory.</summary>
internal sealed class ActiveRun
{
    private readonly TaskCompletionSource _cancel = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<RunRecord> _save;
    private readonly Lock _lock = new();
    private volatile RunRecord _record;
    private volatile bool _isUnsaved;

    /// <param name="save">Writes the record to disk.</param>
    public ActiveRun(RunRecord record, Action<RunRecord> save)
    {
        (_record, _save) = (record, save);
        if (record.CancelRequested)
            _cancel.SetResult();
    }

    public RunRecord Record => _record;

    public Task CancelRequested => _cancel.Task;

    /// <summary>Whether the record in memory is newer than the one on disk, because it could not be written.</summary>
    public bool IsUnsaved => _isUnsaved;

    /// <summary>Completes when no process of the run is running any more.</summary>
    public Task Done { get; set; } = Task.CompletedTask;

    /// <summary>Writes what is about to happen before it happens, so that a later engine finds it.</summary>
    /// <exception cref="IOException">The record cannot be written. Nothing was changed.</exception>
    public void Commit(RunRecord record)
    {
        lock (_lock)
        {
            var changed = record with { CancelRequested = _record.CancelRequested };
            _save(changed);
            (_record, _isUnsaved) = (changed, false);
        }
    }

    /// <summary>Records the result. If it cannot be written, it is kept in memory: see <see cref="IsUnsaved"/>.</summary>
    public void Finish(RunState result) => Note(record => record with { Phase = RunPhase.Over, Result = result, Build = null, Job = null });

    public void RequestCancel()
    {
        Note(record => record.HasEnded ? record : record with { CancelRequested = true });
        _cancel.TrySetResult();
    }

    /// <exception cref="IOException">The record cannot be written.</exception>
    public void Save()
    {
        lock (_lock)
        {
            _save(_record);
            _isUnsaved = false;
        }
    }

    private void Note(Func<RunRecord, RunRecord> change)
    {
        lock (_lock)
        {
            var changed = change(_record);
            if (changed == _record)
                return;
            _isUnsaved = !TrySave(changed);
            _record = changed;
        }
    }

    private bool TrySave(RunRecord record)
    {
        try
        {
            _save(record);
            return true;
        }
        catch (Exception)
        {
            // The store retries until it succeeds, and reports why it fails.
            return false;
        }
    }
}
