using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;
using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Finds, signals and kills every process of a workload. A control group lists them all. Without one, they are found by process
/// group, session and a variable in their environment, which also finds processes that left both.
/// </summary>
internal sealed class ProcessTree(string marker, IReadOnlyList<string> groups, TimeProvider time)
{
    /// <summary>The environment variable that contains the workload's marker in each of its processes.</summary>
    public const string MarkerVariable = "PORTICO_WORKLOAD";

    /// <summary>On a busy machine, ending thousands of processes takes some seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly byte[] _marker = Encoding.UTF8.GetBytes($"\0{MarkerVariable}={marker}\0");

    /// <param name="main">The main process. Its id is also the id of its group and session, even after it has ended.</param>
    public IReadOnlyList<int> Members(ProcessIdentity? main)
    {
        List<int> members = groups.Count > 0 ? [.. ControlGroups.Members(groups).Where(IsAlive)] : Scan(main);
        // At its start, the process briefly has no group of its own; while it becomes another program, it has no environment.
        if (main is not null && main.IsAlive() && !members.Contains(main.Pid))
            members.Add(main.Pid);
        return members;
    }

    public static void Signal(ProcessIdentity main, int signal, bool wholeGroup)
    {
        if (!main.IsAlive())
            return;
        // The process briefly has no group of its own after its start.
        if (!wholeGroup || (Libc.Kill(-main.Pid, signal) != 0 && Marshal.GetLastPInvokeError() == Libc.NoSuchProcess))
            _ = Libc.Kill(main.Pid, signal);
    }

    /// <summary>
    /// Kills processes until none is left. It signals whole process groups, which a process that forks endlessly cannot escape.
    /// </summary>
    /// <returns>False if a process still exists after half a minute.</returns>
    public async Task<bool> KillAsync(ProcessIdentity? main, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (Members(main) is { Count: > 0 } left)
        {
            if (time.GetElapsedTime(started) > Patience)
                return false;
            ControlGroups.Kill(groups);
            foreach (var group in left.Select(ProcStat.Read).OfType<ProcStat>().Where(s => left.Contains(s.Group)).Select(s => s.Group).Distinct())
                _ = Libc.Kill(-group, Libc.SigKill);
            foreach (var pid in left)
                _ = Libc.Kill(pid, Libc.SigKill);
            await Task.Delay(Pause, time, cancellationToken);
        }
        return true;
    }

    private List<int> Scan(ProcessIdentity? main)
    {
        var members = new List<int>();
        foreach (var directory in DirectoryEntries.Directories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
                && ProcStat.Read(pid) is { IsDead: false } stat && (Belongs(stat, main) || HasMarker(directory)))
                members.Add(pid);
        return members;
    }

    /// <summary>Whether a process belongs to the workload. The kernel does not reuse the id of a group that still has members.</summary>
    private static bool Belongs(ProcStat stat, ProcessIdentity? main) =>
        main is not null && main.BootId == ProcessIdentity.CurrentBoot && stat.StartTime >= main.StartTime
        && (stat.Group == main.Pid || stat.Session == main.Pid);

    private bool HasMarker(string processDirectory)
    {
        try
        {
            byte[] environment = [0, .. File.ReadAllBytes(Path.Combine(processDirectory, "environ"))];
            return environment.AsSpan().IndexOf(_marker) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsAlive(int pid) => ProcStat.Read(pid) is { IsDead: false };
}
