using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Runs;

/// <summary>Manages all builds and jobs, from their request until they are deleted.</summary>
internal sealed partial class RunStore(EngineHome home, RunWorker worker, ActionGuard guard, TimeProvider time, ILogger logger) : IDisposable
{
    public const string LoopName = "engine: runs";

    private readonly ConcurrentDictionary<RunId, ActiveRun> _runs = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WakeSignal _wake = new();
    private Task _loop = Task.CompletedTask;

    public IReadOnlyList<RunRecord> All => [.. _runs.Values.Select(run => run.Record)];

    /// <summary>Continues the runs that an earlier engine left.</summary>
    public void Start(BackgroundLoops loops)
    {
        foreach (var directory in DirectoryEntries.Directories(home.Runs))
            Adopt(directory);
        _loop = Task.Run(() => loops.RunAsync(
            LoopName, _ => Task.FromResult(SaveResults()), _stopping.Token, (pause, token) => _wake.WaitAsync(pause, time, token)));
    }

    public void Start(BuildRequest request) => Start(new RunRecord
    {
        Id = request.Id,
        Owner = request.Owner,
        Build = request,
        Phase = RunPhase.Preparing,
        StartedAt = time.GetUtcNow(),
    });

    public void Start(JobRequest request) => Start(new RunRecord
    {
        Id = request.Id,
        Owner = request.Revision.Owner,
        Job = request,
        Phase = RunPhase.Preparing,
        StartedAt = time.GetUtcNow(),
    });

    /// <returns>Null if there is no such run.</returns>
    public RunRecord? Find(RunId id) => _runs.TryGetValue(id, out var run) ? run.Record : null;

    public RunState Get(RunId id) => _runs.TryGetValue(id, out var run) ? run.Record.State : new RunState.Absent();

    public bool IsOver(RunId id) => Get(id) is not RunState.Running;

    /// <summary>Cancels a run, and waits until none of its processes is running any more.</summary>
    public async Task CancelAsync(RunId id, CancellationToken cancellationToken)
    {
        if (!_runs.TryGetValue(id, out var run) || run.Record.HasEnded)
            return;
        run.RequestCancel();
        _wake.Set();
        await run.Done.WaitAsync(cancellationToken);
    }

    public void Delete(RunId id)
    {
        if (_runs.TryGetValue(id, out var run) && run.Record.HasEnded && _runs.TryRemove(id, out _))
            Directory.Delete(home.Run(id), recursive: true);
    }

    /// <summary>Stops following the runs, which continue without this engine.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_runs.Values.Select(run => run.Done).Append(_loop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _wake.Dispose();
    }

    private void Start(RunRecord record)
    {
        var run = New(record);
        if (!_runs.TryAdd(record.Id, run))
            return;
        try
        {
            EngineHome.MakePrivate(home.Run(record.Id));
            run.Save();
        }
        catch
        {
            _runs.TryRemove(record.Id, out _);
            throw;
        }
        run.Done = WorkAsync(run);
    }

    /// <summary>
    /// Adopts a run. It deletes a directory without a record, which belongs to a run that was never started or was left by a power
    /// cut. It skips and keeps a run whose record cannot be read.
    /// </summary>
    private void Adopt(string directory)
    {
        try
        {
            if (JsonFile.Read<RunRecord>(RecordIn(directory)) is not { } record)
            {
                Directory.Delete(directory, recursive: true);
                return;
            }
            var run = _runs[record.Id] = New(record);
            // What was attached to it has ended with the engine.
            if (record.Job is { IsHeld: true })
                run.RequestCancel();
            if (!record.HasEnded)
                run.Done = WorkAsync(run);
        }
        catch (Exception e) when (!MachineFailure.Is(e))
        {
            LogUnreadable(e, directory);
        }
    }

    private ActiveRun New(RunRecord record) => new(record, changed =>
    {
        guard.Begin(EngineAction.Save, changed.Id.Value);
        JsonFile.Write(RecordIn(home.Run(changed.Id)), changed);
    });

    /// <summary>Runs a build or job, which always ends in a state that its owner sees.</summary>
    private async Task WorkAsync(ActiveRun run)
    {
        RunState result;
        try
        {
            result = await Task.Run(() => worker.RunAsync(run.Record, run.Commit, run.CancelRequested, _stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next engine continues the run.
            return;
        }
        catch (Exception e)
        {
            LogFailed(e, run.Record.Id.Value);
            result = new RunState.Failed($"Portico failed to run it: {e.Message}", null);
        }
        run.Finish(result);
        _wake.Set();
    }

    /// <summary>Saves results that could not be saved when they happened. Without them, a later engine would report the runs as unknown.</summary>
    /// <returns>How long to wait before the next pass.</returns>
    private TimeSpan SaveResults()
    {
        var failing = false;
        foreach (var (id, run) in _runs.Where(run => run.Value.IsUnsaved))
            failing |= !guard.Try(EngineAction.Save, id.Value, run.Save) && _runs.ContainsKey(id);
        guard.KeepOnly(_runs.Keys.Select(id => id.Value));
        return failing ? RetryDelay.After(1) : Timeout.InfiniteTimeSpan;
    }

    private static string RecordIn(string directory) => Path.Combine(directory, "record.json");

    [LoggerMessage(EventName = "RunFailedInside", Level = LogLevel.Error, Message = "Run {RunId} failed because of an error inside the engine.")]
    private partial void LogFailed(Exception exception, string runId);

    [LoggerMessage(EventName = "RunUnreadable", Level = LogLevel.Error, Message = "The run in {Directory} cannot be read. It is skipped until Portico restarts; every other run continues.")]
    private partial void LogUnreadable(Exception exception, string directory);
}
