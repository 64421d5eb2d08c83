using System.Globalization;
using System.Text;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;
using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Finds and ends every process of every workload of this home without its files: by control group, and by the variable in the
/// processes' environment.
/// </summary>
/// <param name="tag">The tag of the home, with which the markers of its workloads begin.</param>
internal sealed class PlatformProcesses(string tag, ControlGroups groups, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(30);
    private readonly byte[] _marker = Encoding.UTF8.GetBytes($"{ProcessTree.MarkerVariable}={tag}/");

    /// <summary>Sends SIGTERM to all processes, and kills those that have not exited after the grace period.</summary>
    /// <returns>False if a process still exists.</returns>
    public async Task<bool> EndAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        Signal(Members(), Libc.SigTerm);
        var started = time.GetTimestamp();
        while (Members() is { Count: > 0 } left)
        {
            if (time.GetElapsedTime(started) > grace + Patience)
                return false;
            if (time.GetElapsedTime(started) > grace)
            {
                ControlGroups.Kill([.. groups.Children()]);
                Signal(left, Libc.SigKill);
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
        return true;
    }

    private List<int> Members() => [.. ControlGroups.Members([.. groups.Children()]).Concat(Marked()).Distinct().Where(IsAlive)];

    private static void Signal(List<int> processes, int signal)
    {
        foreach (var pid in processes)
            _ = Libc.Kill(pid, signal);
    }

    private IEnumerable<int> Marked() => DirectoryEntries.Directories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && pid != Environment.ProcessId && IsMarked(pid));

    private bool IsMarked(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ").AsSpan().IndexOf(_marker) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsAlive(int pid) => ProcStat.Read(pid) is { IsDead: false };
}
