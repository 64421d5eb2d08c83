using System.Globalization;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Network;

namespace Portico.Engines.Process.Workloads;

/// <summary>A command that has been started, by this engine or an earlier one, with all its processes.</summary>
/// <param name="witness">The process that waits for the command and writes its exit status; null if it is not a child of this engine.</param>
internal sealed class Workload(
    WorkloadState state, ProcessIdentity? witness, PrivateNetwork network, ExitWatcher exits, Func<CancellationToken, Task> deleteScratch, TimeProvider time)
{
    private const int NotHanging = 1;
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ProcessTree _tree = new(state.Marker, state.Groups, time);

    private Task<int?>? _reaped;

    public IReadOnlyList<string> Groups => state.Groups;

    /// <summary>The main process; null until it is known. It stays known after its end.</summary>
    public ProcessIdentity? Main { get; private set; }

    /// <summary>
    /// The command itself; null until it is known. Outside of a sandbox it is the main process. Inside, it is the first process besides
    /// the one that the sandbox keeps, and the main process waits for it outside.
    /// </summary>
    public ProcessIdentity? Command { get; private set; }

    /// <summary>Whether the main process is known and has not ended.</summary>
    public bool IsRunning => Main?.IsAlive() is true;

    /// <summary>Whether it runs in its sandbox already, so that its start has set up everything outside of it.</summary>
    public bool IsInSandbox => state.IsSandboxed && TryFindCommand();

    /// <summary>Waits until the command is known, or has ended.</summary>
    /// <returns>False if the workload ended before that, or was never started.</returns>
    public async Task<bool> StartedAsync(CancellationToken cancellationToken)
    {
        _reaped ??= witness is null ? null : ReapAsync(witness);
        var began = time.GetTimestamp();
        while (true)
        {
            var over = File.Exists(state.ExitFile) || _reaped is { IsCompleted: true };
            if (TryFindMain() && (TryFindCommand() || over || !Main!.IsAlive()))
                return true;
            if (over || (Main is null && witness is null && time.GetElapsedTime(began) > Patience))
                return false;
            await Task.Delay(ShortPause, time, cancellationToken);
        }
    }

    /// <summary>Reads the id that the main process has written to its file, if it has.</summary>
    public bool TryFindMain()
    {
        if (Main is not null || state.ReadPid() is not { } found)
            return Main is not null;
        Main = new ProcessIdentity(found.Stat.Pid, found.Stat.StartTime, found.Boot);
        if (witness is null && found.Boot == ProcessIdentity.CurrentBoot)
            witness = ProcessIdentity.Of(found.Stat.Parent);
        TryFindCommand();
        return true;
    }

    private bool TryFindCommand()
    {
        if (Command is null && Main is not null)
            Command = state.IsSandboxed ? SandboxProcesses.CommandOf(Main) : Main;
        return Command is not null;
    }

    /// <summary>Waits for the end of the main process. Other processes of the workload may still run.</summary>
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
        if (TryFindCommand())
            ProcessTree.Signal(Command!, signal, wholeGroup);
    }

    /// <summary>Kills the main process and all other processes of the workload.</summary>
    public Task<bool> KillAsync(CancellationToken cancellationToken)
    {
        // Ends all processes of the sandbox at once, however many there are and whatever they do.
        if (state.IsSandboxed && Main is not null && SandboxProcesses.FirstOf(Main) is { } first)
            _ = Libc.Kill(first, Libc.SigKill);
        return _tree.KillAsync(Main, cancellationToken);
    }

    public IReadOnlyList<int> Processes() => _tree.Members(Main);

    /// <summary>Deletes what it wrote outside of its home and disk.</summary>
    public Task DeleteScratchAsync(CancellationToken cancellationToken) => deleteScratch(cancellationToken);

    /// <summary>Frees its address, and removes the control groups and files that only a running workload needs.</summary>
    public void CleanUp()
    {
        network.Leave(state.Place);
        ControlGroups.Remove(state.Groups);
        File.Delete(state.PidFile);
        File.Delete(state.ExitFile);
        File.Delete(state.ViewFile);
    }

    /// <summary>
    /// Reads the exit status from the file, or from the witness itself if the disk was full. If the witness was killed, neither
    /// exists, and the status is unknown.
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

    /// <summary>Waits for a child, which would otherwise remain as a zombie.</summary>
    private async Task<int?> ReapAsync(ProcessIdentity child)
    {
        await exits.ExitedAsync(child, CancellationToken.None);
        var status = 0;
        var reaped = await Task.Run(() => Libc.WaitPid(child.Pid, out status, NotHanging));
        var exitedNormally = reaped == child.Pid && (status & 0x7F) == 0;
        return exitedNormally ? (status >> 8) & 0xFF : null;
    }

    private int? ReadExit() =>
        File.Exists(state.ExitFile) && int.TryParse(File.ReadAllText(state.ExitFile), CultureInfo.InvariantCulture, out var status)
            ? status
            : null;
}
