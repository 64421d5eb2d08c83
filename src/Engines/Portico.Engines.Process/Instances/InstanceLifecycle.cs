using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>Follows an instance from a start until its last process has ended.</summary>
/// <param name="wake">Set after each change that the supervisor should see.</param>
internal sealed partial class InstanceLifecycle(HealthWatch health, LogTrimmer trimmer, ActionGuard guard, WakeSignal wake, TimeProvider time, ILogger logger)
{
    private const int LastLines = 20;
    private static readonly TimeSpan DrainPause = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Follows a started workload. A failure says nothing about the process, so following is retried until the process's end is
    /// known and recorded, or the engine stops.
    /// </summary>
    public async Task FollowAsync(Instance instance, Workload workload, Revision revision, CancellationToken cancellationToken)
    {
        var log = instance.Record.LogPath;
        trimmer.Add(log, mayBurst: false);
        try
        {
            WorkloadExit? exit = null;
            await guard.UntilSucceededAsync(
                EngineAction.Follow, instance.Id, async token =>
                {
                    exit ??= await UntilExitAsync(instance, workload, revision, token);
                    await EndRestAsync(instance, workload, token);
                    Record(instance, exit, isAttempt: true);
                },
                cancellationToken);
            // Files that remain are deleted with the instance.
            guard.Try(EngineAction.Delete, instance.Id, workload.CleanUp);
            wake.Set();
            await workload.DeleteScratchAsync(cancellationToken);
        }
        finally
        {
            trimmer.Remove(log);
        }
    }

    /// <summary>Records a start that failed before a process existed.</summary>
    /// <param name="isAttempt">False for a failure of the whole machine, which says nothing about the instance.</param>
    public void RecordFailedStart(Instance instance, string reason, bool isAttempt)
    {
        LogFile.Append(instance.Record.LogPath, reason);
        Record(instance, WorkloadExit.Unseen, isAttempt);
        wake.Set();
    }

    /// <summary>Sends the revision's stop signal.</summary>
    public static void Stop(Workload workload, Revision revision)
    {
        if (revision.StopSignal == StopSignal.Interrupt)
            workload.Signal(Libc.SigInt, wholeGroup: false);
        else
            workload.Signal(Libc.SigTerm, wholeGroup: true);
    }

    private async Task<WorkloadExit> UntilExitAsync(Instance instance, Workload workload, Revision revision, CancellationToken cancellationToken)
    {
        if (!await workload.StartedAsync(cancellationToken))
            return await workload.ExitedAsync(cancellationToken);
        wake.Set();
        // A stop was requested before a process existed that could receive the signal.
        if (instance.Supervised.StoppingSince is not null)
            Stop(workload, revision);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = health.WatchAsync(instance, workload, revision, ended.Token);
        var starting = guard.UntilSucceededAsync(
            EngineAction.LimitCpu, instance.Id, token => StartupCpuShare.EndAsync(instance, workload, revision, time, token), ended.Token);
        try
        {
            return await workload.ExitedAsync(cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(watching, starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Ends the remaining processes. When an instance stops, its shell exits at once, while the server that it started still finishes
    /// requests, so those processes get the grace period too. After a crash, they would block the next start.
    /// </summary>
    private async Task EndRestAsync(Instance instance, Workload workload, CancellationToken cancellationToken)
    {
        while (instance.Supervised is { StoppingSince: not null, Killed: false } && workload.Processes().Count > 0)
            await Task.Delay(DrainPause, time, cancellationToken);
        if (!await workload.KillAsync(cancellationToken))
            LogLeftBehind(instance.Id);
    }

    private void Record(Instance instance, WorkloadExit exit, bool isAttempt)
    {
        var now = time.GetUtcNow();
        var before = instance.Record;
        var wanted = before.Supervised is { StoppingSince: not null, ComesBack: false };
        IReadOnlyList<string> lines = [];
        if (!wanted)
            guard.Try(EngineAction.ReadLog, instance.Id, () => lines = LogTail.Read(before.LogPath, ReportedMemory.LinesToLookAt, before.LogOffset));
        var outOfMemory = exit.OutOfMemory || (exit is not { Code: 0 } && ReportedMemory.In(lines) is not null);
        LogFile.EndLine(before.LogPath);
        if (exit.Seen)
            LogFile.Append(before.LogPath, char.ToUpperInvariant(exit.ToString()[0]) + exit.ToString()[1..]);
        instance.Update(record => record with
        {
            Address = null,
            LastExit = wanted || !isAttempt ? record.LastExit : new InstanceExit(now, exit.Code, exit.Signal, outOfMemory, [.. lines.TakeLast(LastLines)]),
            Supervised = record.Supervised with
            {
                ExitedAt = now,
                Failures = isAttempt ? CrashBackOff.FailuresAfter(record.Supervised.Failures, now - record.StartedAt) : record.Supervised.Failures,
                StoppingSince = wanted ? record.Supervised.StoppingSince : null,
                ComesBack = false,
            },
        });
    }

    [LoggerMessage(EventName = "ProcessesLeftBehind", Level = LogLevel.Warning, Message = "Instance {InstanceId} has ended, but some of its processes do not exit, even after SIGKILL.")]
    private partial void LogLeftBehind(string instanceId);
}
