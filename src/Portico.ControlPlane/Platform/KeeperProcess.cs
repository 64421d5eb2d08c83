using System.Diagnostics;
using System.Globalization;
using Portico.Hosting;

namespace Portico.ControlPlane.Platform;

/// <summary>Finds and stops processes that <c>keep.sh</c> keeps running.</summary>
internal static class KeeperProcess
{
    /// <summary>Returns the executable of a process; null if unknown. The result matches no path if the file has been deleted.</summary>
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

    /// <summary>Returns the arguments of a process without its executable; null if unknown.</summary>
    public static IReadOnlyList<string>? ArgumentsOf(int id) =>
        CommandLineOf(id) is { Length: > 1 } line ? [.. line.Skip(1)] : null;

    /// <summary>Finds a program and its keepers by arguments that stand beside each other in their command lines.</summary>
    public static IReadOnlyList<int> WithArguments(string program, IReadOnlyList<string> arguments) =>
        [.. DirectoryEntries.Directories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && CommandLineOf(id) is { } line && line.Any(word => Path.GetFileName(word) == Path.GetFileName(program))
                && Enumerable.Range(0, line.Length).Any(at => line.Skip(at).Take(arguments.Count).SequenceEqual(arguments)))];

    private static string[]? CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").TrimEnd('\0').Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Sends SIGTERM, and SIGKILL if the process has not exited in time.</summary>
    public static async Task EndAsync(int id, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } process)
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
                await process.WaitForExitAsync(cancellationToken);
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
