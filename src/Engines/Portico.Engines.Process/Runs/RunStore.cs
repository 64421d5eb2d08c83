using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Runs;

/// <summary>All builds and jobs, from the moment somebody asks until they are swept.</summary>
internal sealed partial class RunStore(EngineHome home, RunWorker worker, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<RunId, ActiveRun> _runs = new();
    private readonly CancellationTokenSource _stopping = new();

    public IReadOnlyList<RunRecord> All => [.. _runs.Values.Select(run => run.Record)];

    /// <summary>Goes on with whatever an earlier engine left.</summary>
    public void Adopt()
    {
        foreach (var directory in Directory.GetDirectories(home.Runs))
            if (JsonFile.Read<RunRecord>(RecordIn(directory)) is { } record)
                Continue(record);
            else
                Directory.Delete(directory, recursive: true);
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

    public RunState Get(RunId id) => _runs.TryGetValue(id, out var run) ? run.Record.State : new RunState.Absent();

    public bool IsOver(RunId id) => Get(id) is not RunState.Running;

    /// <summary>Waits until nothing of it runs any more.</summary>
    public async Task CancelAsync(RunId id, CancellationToken cancellationToken)
    {
        if (!_runs.TryGetValue(id, out var run) || run.Record.Result is not null)
            return;
        run.RequestCancel(Save);
        await run.Done.WaitAsync(cancellationToken);
    }

    public void Delete(RunId id)
    {
        if (_runs.TryGetValue(id, out var run) && run.Record.Result is not null && _runs.TryRemove(id, out _))
            Directory.Delete(home.Run(id), recursive: true);
    }

    /// <summary>Lets go of what runs, without ending it.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_runs.Values.Select(run => run.Done)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private void Start(RunRecord record)
    {
        var directory = home.Run(record.Id);
        var run = new ActiveRun(record);
        if (!_runs.TryAdd(record.Id, run))
            return;
        try
        {
            EngineHome.MakePrivate(directory);
            Save(record);
        }
        catch (IOException)
        {
            _runs.TryRemove(record.Id, out _);
            throw;
        }
        run.Done = WorkAsync(run);
    }

    private void Continue(RunRecord record)
    {
        var run = new ActiveRun(record);
        _runs[record.Id] = run;
        if (record.Result is null)
            run.Done = WorkAsync(run);
    }

    private async Task WorkAsync(ActiveRun run)
    {
        try
        {
            await Task.Run(() => worker.RunAsync(run.Record, record => run.Update(record, SaveOrLog), run.CancelRequested, _stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next engine goes on with it.
        }
        catch (Exception e)
        {
            RunBroke(run.Record.Id.Value, e);
            run.Update(
                run.Record with { Phase = RunPhase.Over, Result = new RunState.Failed($"Portico could not run it: {e.Message}", null), Build = null, Job = null },
                SaveOrLog);
        }
    }

    private void Save(RunRecord record) => JsonFile.Write(RecordIn(home.Run(record.Id)), record);

    /// <summary>On a full disk the result is kept in memory; a later engine that does not find it says that it is unknown.</summary>
    private void SaveOrLog(RunRecord record)
    {
        try
        {
            Save(record);
        }
        catch (IOException e) when (record.Result is not null)
        {
            RunNotSaved(record.Id.Value, e);
        }
    }

    private static string RecordIn(string directory) => Path.Combine(directory, "record.json");

    [LoggerMessage(1, LogLevel.Error, "Run {RunId} broke inside the engine")]
    private partial void RunBroke(string runId, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The result of run {RunId} cannot be written down")]
    private partial void RunNotSaved(string runId, Exception exception);

    private sealed class ActiveRun
    {
        private readonly TaskCompletionSource _cancel = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();

        public ActiveRun(RunRecord record)
        {
            Record = record;
            if (record.CancelRequested)
                _cancel.SetResult();
        }

        public RunRecord Record { get; private set; }

        public Task CancelRequested => _cancel.Task;

        public Task Done { get; set; } = Task.CompletedTask;

        public void Update(RunRecord record, Action<RunRecord> save)
        {
            lock (_lock)
            {
                Record = record with { CancelRequested = Record.CancelRequested };
                save(Record);
            }
        }

        public void RequestCancel(Action<RunRecord> save)
        {
            lock (_lock)
            {
                if (Record.Result is not null)
                    return;
                Record = Record with { CancelRequested = true };
                save(Record);
            }
            _cancel.TrySetResult();
        }
    }
}
