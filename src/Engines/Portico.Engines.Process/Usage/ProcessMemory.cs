using System.Globalization;

namespace Portico.Engines.Process.Usage;

/// <summary>The memory of several processes that may share some of it.</summary>
internal static class ProcessMemory
{
    private const long Kibibyte = 1024;

    /// <summary>
    /// What each has for itself, and the largest of what they share: processes of one database all count the same buffers as
    /// theirs. Programs and libraries are left out, which any process of the machine may share.
    /// </summary>
    public static long Of(IEnumerable<int> processes)
    {
        long own = 0, shared = 0;
        foreach (var process in processes)
        {
            var status = Read(process);
            own += Field(status, "RssAnon:");
            shared = Math.Max(shared, Field(status, "RssShmem:"));
        }
        return own + shared;
    }

    private static string[] Read(int process)
    {
        try
        {
            return File.ReadAllLines($"/proc/{process}/status");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return [];
        }
    }

    private static long Field(string[] status, string name)
    {
        var line = status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var number, "kB"]
            ? long.Parse(number, CultureInfo.InvariantCulture) * Kibibyte
            : 0;
    }
}
