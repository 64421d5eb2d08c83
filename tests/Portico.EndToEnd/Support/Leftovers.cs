using System.Security.Cryptography;
using System.Text;

namespace Portico.EndToEnd.Support;

/// <summary>
/// Processes that mention a platform's home in their command or environment. Those in a sandbox see no path of it, and have the mark of
/// the engine.
/// </summary>
internal static class Leftovers
{
    /// <summary>Ends them, and says which there were.</summary>
    public static IReadOnlyList<string> KillAll(string home)
    {
        var found = Find(home);
        foreach (var (processId, _) in found)
            Signals.Kill(processId);
        return [.. found.Select(process => $"{process.Id} {process.Command}")];
    }

    public static IReadOnlyList<(int Id, string Command)> Find(string home)
    {
        var mark = $"PORTICO_WORKLOAD={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.Combine(home, "engine"))))[..10]}/";
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 1 && id != Environment.ProcessId && Signals.IsRunning(id))
            .Select(id => (Id: id, Command: Read(id, "cmdline"), Variables: Read(id, "environ")))
            .Where(process => (process.Command + process.Variables).Contains(home, StringComparison.Ordinal) || process.Variables.Contains(mark, StringComparison.Ordinal))
            .Select(process => (process.Id, process.Command))];
    }

    private static string Read(int processId, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{file}").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
