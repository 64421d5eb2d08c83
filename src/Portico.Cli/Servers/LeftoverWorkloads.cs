using System.Globalization;
using Portico.Api.Contracts.Platform;
using Portico.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Finds workloads that still run although server and edge do not, from the process ids that the engine recorded.</summary>
internal static class LeftoverWorkloads
{
    private const int StartTime = 19;

    public static bool AnyRuns(PlatformPaths paths)
    {
        try
        {
            return ((string[])["instances", "runs"]).Select(name => Path.Combine(paths.Engine, name))
                .SelectMany(DirectoryEntries.Directories).SelectMany(folder => DirectoryEntries.Files(folder, "pid.*")).Any(Runs);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The id may belong to another process by now: start time and boot must match too.</summary>
    private static bool Runs(string pidFile)
    {
        var lines = File.ReadAllLines(pidFile);
        return lines.Length == 2 && lines[1].Trim() == Read("/proc/sys/kernel/random/boot_id").Trim()
            && int.TryParse(lines[0].Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && Read($"/proc/{id}/stat") is { Length: > 0 } stat && Started(stat) == Started(lines[0]);
    }

    // The fields after the name, which may contain anything.
    private static string? Started(string stat) => stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(StartTime);

    private static string Read(string file) => File.Exists(file) ? File.ReadAllText(file) : "";
}
