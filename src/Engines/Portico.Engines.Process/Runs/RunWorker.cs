using Portico.Core.Engines;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Runs one build or job to its end. Each step is recorded before it begins, so that a later engine can continue: it repeats a
/// preparation, waits for a running command, and reports one that ended while no engine was watching as unknown.
/// </summary>
/// <remarks><code>
/// build: checkout → toolchain → cache ┐
///                                     ├→ command → artifact (build only) → result
/// job:   disk, files and secrets      ┘
/// </code></remarks>
internal sealed class RunWorker(
    BuildPreparation builds, JobPreparation jobs, RunCommand command, BuildArtifact artifact, LogStore logs, LogTrimmer trimmer, TimeProvider time)
{
    /// <param name="save">Writes the record and shows it to callers.</param>
    /// <param name="canceled">Completes when a caller cancels the run.</param>
    /// <param name="cancellationToken">Set when this engine stops. The command continues without it.</param>
    public async Task<RunState> RunAsync(RunRecord record, Action<RunRecord> save, Task canceled, CancellationToken cancellationToken)
    {
        var log = logs.OfRun(record.Id);
        trimmer.Add(log, mayBurst: true);
        try
        {
            return await artifact.CloseAsync(record, await ResultAsync(record, save, canceled, cancellationToken), cancellationToken);
        }
        finally
        {
            trimmer.Remove(log);
        }
    }

    private async Task<RunState> ResultAsync(RunRecord record, Action<RunRecord> save, Task canceled, CancellationToken cancellationToken)
    {
        try
        {
            if (record.Phase == RunPhase.Executing)
                return await command.ResumeAsync(record, canceled, cancellationToken);
            if (record.CancelRequested || canceled.IsCompleted)
                return RunCommand.Canceled;
            var clock = new RunClock(TimeSpan.Zero, time);
            if (await PrepareWithinTimeAsync(record, clock, canceled, cancellationToken) is not { } spec)
                return RunCommand.Success(record);
            return await command.RunAsync(record, spec, clock, save, canceled, cancellationToken);
        }
        catch (RunFailure) when (canceled.IsCompleted)
        {
            return RunCommand.Canceled;
        }
        catch (Exception e) when (e is RunFailure or MissingRuntimeException)
        {
            return new RunState.Failed(e.Message, null) { Cause = (e as RunFailure)?.Cause };
        }
        catch (IOException e)
        {
            return new RunState.Failed(DiskSpace.IsFull(e) ? DiskSpace.FullMessage : e.Message, null);
        }
    }

    private async Task<LaunchSpec?> PrepareAsync(RunRecord record, CancellationToken cancellationToken) => record.Job is { } job
        ? await jobs.PrepareAsync(job, cancellationToken)
        : await builds.PrepareAsync(record.Build!, cancellationToken);

    /// <summary>Prepares the run. Like the command itself, fetching and copying count towards the run's time and can be canceled.</summary>
    /// <returns>What to start; null if there is nothing to run.</returns>
    private async Task<LaunchSpec?> PrepareWithinTimeAsync(RunRecord record, RunClock clock, Task canceled, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(RunLimits.Left(record, clock));
        var preparing = PrepareAsync(record, ending.Token);
        if (await Task.WhenAny(preparing, canceled) == canceled)
            await ending.CancelAsync();
        try
        {
            return await preparing;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var failed = canceled.IsCompleted ? RunCommand.Canceled : RunLimits.TooLong(record);
            throw new RunFailure(failed.Reason, failed.Cause);
        }
    }
}
