using System.Diagnostics;
using System.Globalization;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Servers;

/// <summary>
/// The processes of a platform: keeper, server and edge. It holds handles, not process ids, so that a reused id
/// is not mistaken for the old process.
/// </summary>
internal sealed class ProcessSet : IDisposable
{
    private readonly List<Process> _processes = [];

    public ProcessSet(PlatformStatus status, PlatformPaths paths)
    {
        foreach (var pid in new[] { status.ServerProcessId, status.EdgeProcessId ?? 0, KeeperIn(paths.ServerLock) })
            if (pid > 0 && TryOpen(pid) is { } process)
                _processes.Add(process);
    }

    /// <summary>The ids of the processes that still run.</summary>
    public IReadOnlyList<int> Running() => [.. _processes.Where(process => !process.HasExited).Select(process => process.Id)];

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
    }

    // The keeper writes its id into the lock that it holds.
    private static int KeeperIn(string lockFile)
    {
        try
        {
            return int.TryParse(File.ReadAllText(lockFile), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static Process? TryOpen(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
