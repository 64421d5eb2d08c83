using System.Globalization;

namespace Portico.Engines.Process.Usage;

/// <summary>Adds up the memory of several processes that may share some of it.</summary>
internal static class ProcessMemory
{
    private const long Kibibyte = 1024;

    /// <summary>
    /// Returns the private memory of all processes, plus the largest shared memory of one: each process of a database counts the
    /// same buffers. Programs and libraries do not count, because any process of the machine may share them.
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
            // The process has ended.
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
