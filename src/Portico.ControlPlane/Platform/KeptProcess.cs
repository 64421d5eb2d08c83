using System.Diagnostics;
using System.Globalization;

namespace Portico.ControlPlane.Platform;

/// <summary>Processes under <c>keep.sh</c>.</summary>
internal static class KeptProcess
{
    /// <summary>The keeper that holds this lock; null when none runs.</summary>
    public static int? KeeperOf(string lockFile)
    {
        try
        {
            // The number may be left over and be someone else's by now: its command line must name the lock.
            return int.TryParse(File.ReadAllText(lockFile), CultureInfo.InvariantCulture, out var id)
                && File.ReadAllText($"/proc/{id}/cmdline").Split('\0').Contains(lockFile) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What a process runs; other than any path when that file is there no more, and null when it cannot be known.</summary>
    public static string? ExecutableOf(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/exe").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>SIGTERM, and SIGKILL when it has not ended by then.</summary>
    public static async Task EndAsync(int? id, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (id is null || Find(id.Value) is not { } process)
            return;
        using (process)
        {
            await SignalAsync("-TERM", process.Id, cancellationToken);
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(patience);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill();
            }
        }
    }

    private static Process? Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task SignalAsync(string signal, int id, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [signal, "--", id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }
}
