using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>Runs the command of a build or job within its limits, and returns its result.</summary>
internal sealed class RunCommand(EngineHome home, Launcher launcher, LogStore logs, RunLimits bounds, ActionGuard guard, TimeProvider time)
{
    public static RunState.Failed Canceled => new("Canceled.", null) { IsCanceled = true };

    public static RunState.Succeeded Success(RunRecord record) => new(record.IsBuild ? Artifacts.Of(record.Id) : null);

    /// <param name="save">Writes the record, before the command starts.</param>
    public async Task<RunState> RunAsync(
        RunRecord record, LaunchSpec spec, RunClock clock, Action<RunRecord> save, Task canceled, CancellationToken cancellationToken)
    {
        var state = launcher.Prepare(home.Run(record.Id), FileName.Of(record.Id.Value), 1, spec);
        var started = record with { Phase = RunPhase.Executing, Workload = state, Preparation = clock.Elapsed };
        return await FollowAsync(started, clock, Start(started, state, spec, save), canceled, cancellationToken);
    }

    private Workload Start(RunRecord record, WorkloadState state, LaunchSpec spec, Action<RunRecord> save)
    {
        try
        {
            save(record);
            return launcher.Start(state, spec);
        }
        catch
        {
            launcher.Abandon(state);
            throw;
        }
    }

    /// <summary>Follows the command of a run that an earlier engine started.</summary>
    public async Task<RunState> ResumeAsync(RunRecord record, Task canceled, CancellationToken cancellationToken)
    {
        var workload = launcher.Attach(record.Workload!);
        await RepeatAsync(record, _ => Task.FromResult(workload.TryFindMain()), cancellationToken);
        var before = record.Preparation + (workload.Main?.Age ?? TimeSpan.Zero);
        return await FollowAsync(record, new RunClock(before, time), workload, canceled, cancellationToken);
    }

    private async Task<RunState> FollowAsync(RunRecord record, RunClock clock, Workload workload, Task canceled, CancellationToken cancellationToken)
    {
        await RepeatAsync(record, workload.StartedAsync, cancellationToken);
        var exited = RepeatAsync(record, workload.ExitedAsync, cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var passed = bounds.PassedAsync(record, clock, workload, watching.Token);
        var first = await Task.WhenAny(exited, canceled, passed);
        cancellationToken.ThrowIfCancellationRequested();
        await watching.CancelAsync();
        // Also after success, because processes that a build leaves running would keep using its files and ports.
        var gone = await RepeatAsync(record, workload.KillAsync, cancellationToken);
        var exit = await exited;
        workload.CleanUp();
        await workload.DeleteScratchAsync(cancellationToken);
        if (!gone)
            return new RunState.Failed("Some of its processes could not be killed.", null);
        if (first == canceled || record.CancelRequested)
            return Canceled;
        return first == passed ? await passed : FromExit(record, exit);
    }

    /// <summary>Repeats an observation until it succeeds. A failure says nothing about the command, which keeps running.</summary>
    private async Task<T> RepeatAsync<T>(RunRecord record, Func<CancellationToken, Task<T>> look, CancellationToken cancellationToken)
    {
        var seen = default(T)!;
        await guard.UntilSucceededAsync(EngineAction.Follow, record.Id.Value, async token => seen = await look(token), cancellationToken);
        return seen;
    }

    private IReadOnlyList<string> LastLines(RunRecord record)
    {
        IReadOnlyList<string> lines = [];
        guard.Try(EngineAction.ReadLog, record.Id.Value, () => lines = LogTail.Read(logs.OfRun(record.Id), ReportedMemory.LinesToLookAt, 0));
        return lines;
    }

    private RunState FromExit(RunRecord record, WorkloadExit exit) => exit switch
    {
        { Code: 0 } => Success(record),
        { OutOfMemory: true } when record.Build?.Limits.MemoryBytes is { } bytes => RunLimits.TooMuchMemory(bytes, exit.Code),
        { OutOfMemory: true } => new RunState.Failed($"The command {exit}.", exit.Code) { Cause = FailureCause.OfMemory(record.MemoryBytes) },
        { Seen: false } => new RunState.Unknown(),
        _ when ReportedMemory.In(LastLines(record)) is { } who => new RunState.Failed($"It {FailureTexts.RanOutOfMemory}: {who}.", exit.Code) { Cause = FailureCause.OfMemory(record.MemoryBytes) },
        { Code: 127 } => new RunState.Failed("The command was not found (status 127). See the log for its name.", 127),
        _ when DiskSpace.IsFull(home.Root) => new RunState.Failed($"The command {exit}. {DiskSpace.FullMessage}", exit.Code),
        _ => new RunState.Failed($"The command {exit}.", exit.Code),
    };
}
