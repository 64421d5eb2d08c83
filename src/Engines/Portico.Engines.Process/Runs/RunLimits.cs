using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Usage;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>Enforces the limits of a run that the kernel does not: its time, and the output, memory and disk space of a build.</summary>
/// <param name="countsMemory">Whether to check memory regularly, because the kernel does not limit it here.</param>
/// <param name="share">The CPU share of builds; null if it cannot be set.</param>
/// <param name="reserved">Free space that a build must leave on the engine's disk.</param>
internal sealed class RunLimits(EngineHome home, LogStore logs, BuildCpuShare? share, bool countsMemory, long reserved, ActionGuard guard, TimeProvider time)
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until a limit is exceeded.</summary>
    /// <returns>The failure that names the limit.</returns>
    public async Task<RunState.Failed> PassedAsync(
        RunRecord record, RunClock clock, Workload workload, CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = Left(record, clock);
            if (left == TimeSpan.Zero)
                return TooLong(record);
            RunState.Failed? bound = null;
            if (record.Build is { } build)
                guard.Try(EngineAction.CheckLimits, record.Id.Value, () => bound = Passed(build, workload));
            if (bound is not null)
                return bound;
            await Task.Delay(left < Pause ? left : Pause, time, cancellationToken);
        }
    }

    public static TimeSpan Left(RunRecord record, RunClock clock)
    {
        var left = record.Timeout - clock.Elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public static RunState.Failed TooLong(RunRecord record) =>
        new($"{FailureTexts.TookLongerThan} {Readable(record.Timeout)} and was ended.", null) { Cause = FailureCause.OfTime(record.Timeout) };

    public static RunState.Failed TooMuchMemory(long bytes, int? exitCode = null) =>
        new($"{FailureTexts.BuildRanOutOfMemory} may use {bytes / Megabyte} MB.", exitCode) { Cause = FailureCause.OfMemory(bytes) };

    private RunState.Failed? Passed(BuildRequest build, Workload workload)
    {
        share?.Look();
        if (LogFile.LengthOf(logs.OfRun(build.Id)) > build.OutputBytes)
            return new RunState.Failed($"{FailureTexts.PrintedMoreThan} {build.OutputBytes / Megabyte} MB and was ended.", null);
        if (reserved > 0 && DiskSpace.Free(home.Root) < reserved)
            return new RunState.Failed($"The disk is nearly full ({reserved / Megabyte} MB are left), so the build was ended. Free some space, then try again.", null);
        return countsMemory && build.Limits.MemoryBytes is { } bytes && ProcessMemory.Of(workload.Processes()) > bytes
            ? TooMuchMemory(bytes)
            : null;
    }

    private static string Readable(TimeSpan time) =>
        time.TotalMinutes >= 1 ? $"{time.TotalMinutes:0.#} minutes" : $"{time.TotalSeconds:0.#} seconds";
}
