using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>Follows one start of an instance from its first moment to the end of its last process.</summary>
/// <param name="changed">Called after each change that the supervisor should see.</param>
internal sealed class InstanceLife(HealthWatch health, LogTrimmer trimmer, Action changed, TimeProvider time)
{
    private const int LastLines = 20;
    private static readonly TimeSpan DrainPause = TimeSpan.FromMilliseconds(25);

    public async Task FollowAsync(Instance instance, Workload workload, Revision revision, CancellationToken cancellationToken)
    {
        trimmer.Add(instance.Record.LogPath, mayBurst: false);
        var exit = await UntilExitAsync(instance, workload, revision, cancellationToken);
        await EndRestAsync(instance, workload, cancellationToken);
        Record(instance, exit);
        workload.CleanUp();
        trimmer.Remove(instance.Record.LogPath);
        changed();
    }

    /// <summary>A start that failed before there was a process.</summary>
    public void Failed(Instance instance, string reason)
    {
        LogFile.Append(instance.Record.LogPath, reason);
        Record(instance, WorkloadExit.Unseen);
        changed();
    }

    /// <summary>Asks it to stop, in the way that its revision wants.</summary>
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
        changed();
        // Told to stop before there was anybody to tell.
        if (instance.Supervised.StoppingSince is not null)
            Stop(workload, revision);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = health.WatchAsync(instance, workload, revision, ended.Token);
        var starting = StartingShare.EndAsync(instance, workload, revision, time, ended.Token);
        var exit = await workload.ExitedAsync(cancellationToken);
        await ended.CancelAsync();
        await Task.WhenAll(watching, starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return exit;
    }

    /// <summary>
    /// A shell that was told to stop ends at once, while the server that it started still finishes its requests: the rest has
    /// its grace too. After a crash, the rest is in the way of the next start.
    /// </summary>
    private async Task EndRestAsync(Instance instance, Workload workload, CancellationToken cancellationToken)
    {
        while (instance.Supervised is { StoppingSince: not null, Killed: false } && workload.Processes().Count > 0)
            await Task.Delay(DrainPause, time, cancellationToken);
        await workload.KillAsync(cancellationToken);
    }

    private void Record(Instance instance, WorkloadExit exit)
    {
        var now = time.GetUtcNow();
        var before = instance.Record;
        var asked = before.Supervised is { StoppingSince: not null, ComesBack: false };
        var lines = asked ? [] : LogTail.Read(before.LogPath, LastLines, before.LogOffset);
        LogFile.EndLine(before.LogPath);
        if (exit.Seen)
            LogFile.Append(before.LogPath, char.ToUpperInvariant(exit.ToString()[0]) + exit.ToString()[1..]);
        instance.Update(record => record with
        {
            Address = null,
            LastExit = asked ? record.LastExit : new InstanceExit(now, exit.Code, exit.Signal, exit.OutOfMemory, lines),
            Supervised = record.Supervised with
            {
                ExitedAt = now,
                Failures = CrashBackOff.FailuresAfter(record.Supervised.Failures, now - record.StartedAt),
                StoppingSince = asked ? record.Supervised.StoppingSince : null,
                ComesBack = false,
            },
        });
    }
}
