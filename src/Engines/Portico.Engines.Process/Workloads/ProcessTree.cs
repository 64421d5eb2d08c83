using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Every process that a workload started. A control group knows them all; without one, they are found by process group,
/// session and a variable in their environment, which also finds those that left both.
/// </summary>
internal sealed class ProcessTree(string marker, IReadOnlyList<string> groups, TimeProvider time)
{
    /// <summary>Carries the workload's marker in the environment of every process of a workload.</summary>
    public const string MarkerVariable = "PORTICO_WORKLOAD";

    /// <summary>Thousands of processes take a busy machine some seconds to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly byte[] _marker = Encoding.UTF8.GetBytes($"\0{MarkerVariable}={marker}\0");

    /// <param name="main">The main process: its number is also that of its group and session, also when it has ended.</param>
    public IReadOnlyList<int> Members(ProcessIdentity? main)
    {
        List<int> members = groups.Count > 0 ? [.. ControlGroups.Members(groups).Where(IsAlive)] : Scan(main);
        // For a moment at its start it has no group of its own, and while it becomes another program no environment.
        if (main is not null && main.IsAlive() && !members.Contains(main.Pid))
            members.Add(main.Pid);
        return members;
    }

    public static void Signal(ProcessIdentity main, int signal, bool wholeGroup)
    {
        if (!main.IsAlive())
            return;
        // It has no group of its own for a moment after its start.
        if (!wholeGroup || (Libc.Kill(-main.Pid, signal) != 0 && Marshal.GetLastPInvokeError() == Libc.NoSuchProcess))
            _ = Libc.Kill(main.Pid, signal);
    }

    /// <summary>
    /// Kills until nothing is left. Whole process groups at once, because a process that forks endlessly cannot escape that.
    /// </summary>
    /// <returns>False when something is still there after half a minute.</returns>
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
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
                && ProcStat.Read(pid) is { IsDead: false } stat && (Belongs(stat, main) || HasMarker(directory)))
                members.Add(pid);
        return members;
    }

    /// <summary>The number of a group that still has members is not given to another process.</summary>
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
