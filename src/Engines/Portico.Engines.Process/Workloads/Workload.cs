using System.Globalization;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Workloads;

/// <summary>A started command with everything that it starts, whether this engine started it or an earlier one.</summary>
/// <param name="witness">The process that waits for it and writes its exit status, when it is this engine's child.</param>
internal sealed class Workload(WorkloadState state, ProcessIdentity? witness, ExitWatcher exits, TimeProvider time)
{
    private const int NotHanging = 1;
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ProcessTree _tree = new(state.Marker, state.Groups, time);

    public IReadOnlyList<string> Groups => state.Groups;
    private Task<int?>? _reaped;

    /// <summary>The main process, once known. Stays known after its end.</summary>
    public ProcessIdentity? Main { get; private set; }

    /// <summary>The main process is known, and has not ended.</summary>
    public bool IsRunning => Main?.IsAlive() is true;

    /// <summary>Waits until the main process is known.</summary>
    /// <returns>False when it never came to that: the workload ended first, or was never started.</returns>
    public async Task<bool> StartedAsync(CancellationToken cancellationToken)
    {
        _reaped ??= witness is null ? null : ReapAsync(witness);
        var began = time.GetTimestamp();
        while (Main is null)
        {
            var over = File.Exists(state.ExitFile) || _reaped is { IsCompleted: true };
            if (TryFindMain())
                return true;
            if (over || (witness is null && time.GetElapsedTime(began) > Patience))
                return false;
            await Task.Delay(ShortPause, time, cancellationToken);
        }
        return true;
    }

    /// <summary>Reads what the main process has written down about itself, if it has.</summary>
    public bool TryFindMain()
    {
        if (Main is not null || ReadPid() is not { } found)
            return Main is not null;
        Main = new ProcessIdentity(found.Stat.Pid, found.Stat.StartTime, found.Boot);
        if (witness is null && found.Boot == ProcessIdentity.CurrentBoot)
            witness = ProcessIdentity.Of(found.Stat.Parent);
        return true;
    }

    /// <summary>Waits for the end of the main process. What it has left behind still runs.</summary>
    public async Task<WorkloadExit> ExitedAsync(CancellationToken cancellationToken)
    {
        if (Main is not null)
            await exits.ExitedAsync(Main, cancellationToken);
        var status = await StatusAsync(cancellationToken);
        var outOfMemory = ControlGroups.RanOutOfMemory(state.Groups);
        return status is { } known ? WorkloadExit.FromStatus(known, outOfMemory && known != 0) : WorkloadExit.Unseen with { OutOfMemory = outOfMemory };
    }

    public void Signal(int signal, bool wholeGroup)
    {
        if (Main is not null)
            ProcessTree.Signal(Main, signal, wholeGroup);
    }

    /// <summary>Ends the main process and all that it started.</summary>
    public Task<bool> KillAsync(CancellationToken cancellationToken) => _tree.KillAsync(Main, cancellationToken);

    public IReadOnlyList<int> Processes() => _tree.Members(Main);

    /// <summary>Removes what only a running workload needs.</summary>
    public void CleanUp()
    {
        ControlGroups.Remove(state.Groups);
        File.Delete(state.PidFile);
        File.Delete(state.ExitFile);
    }

    /// <summary>
    /// The exit status comes from the file, or from the witness itself when the disk was full. A witness that was killed
    /// leaves neither: then nobody saw.
    /// </summary>
    private async Task<int?> StatusAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var gone = _reaped?.IsCompleted ?? witness?.IsAlive() is not true;
            if (ReadExit() is { } status)
                return status;
            if (gone || time.GetElapsedTime(began) > Patience)
                return _reaped is { IsCompletedSuccessfully: true } ? await _reaped : null;
            await Task.Delay(ShortPause, time, cancellationToken);
        }
    }

    /// <summary>A child that nobody waits for stays as a zombie.</summary>
    private async Task<int?> ReapAsync(ProcessIdentity child)
    {
        await exits.ExitedAsync(child, CancellationToken.None);
        var status = 0;
        var reaped = await Task.Run(() => Libc.WaitPid(child.Pid, out status, NotHanging));
        var exitedNormally = reaped == child.Pid && (status & 0x7F) == 0;
        return exitedNormally ? (status >> 8) & 0xFF : null;
    }

    private (ProcStat Stat, string Boot)? ReadPid()
    {
        if (!File.Exists(state.PidFile))
            return null;
        var lines = File.ReadAllLines(state.PidFile);
        return lines.Length == 2 && ProcStat.Parse(lines[0]) is { } stat ? (stat, lines[1].Trim()) : null;
    }

    private int? ReadExit() =>
        File.Exists(state.ExitFile) && int.TryParse(File.ReadAllText(state.ExitFile), CultureInfo.InvariantCulture, out var status)
            ? status
            : null;
}
