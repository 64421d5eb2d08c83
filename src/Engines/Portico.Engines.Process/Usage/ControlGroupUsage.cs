using System.Globalization;
using Portico.Engines.Process.Limits;

namespace Portico.Engines.Process.Usage;

/// <summary>Reads the usage that the kernel has counted for a control group, version 1 or 2.</summary>
internal static class ControlGroupUsage
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Returns null if the kernel does not count CPU time for this group.</summary>
    public static TimeSpan? CpuTime(IReadOnlyList<string> groups)
    {
        foreach (var group in groups)
        {
            if (Number(group, "cpuacct.usage") is { } nanoseconds)
                return TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick);
            if (Field(group, "cpu.stat", "usage_usec") is { } microseconds)
                return TimeSpan.FromMicroseconds(microseconds);
        }
        return null;
    }

    /// <summary>
    /// Returns the memory in use, without file contents that were not used recently: the kernel drops those before it refuses
    /// memory. Returns null if the kernel does not count memory for this group.
    /// </summary>
    public static long? Memory(IReadOnlyList<string> groups)
    {
        foreach (var group in groups)
        {
            if (Number(group, "memory.current") is { } current)
                return Math.Max(0, current - (Field(group, "memory.stat", "inactive_file") ?? 0));
            if (Number(group, "memory.usage_in_bytes") is { } usage)
                return Math.Max(0, usage - (Field(group, "memory.stat", "total_inactive_file") ?? 0));
        }
        return null;
    }

    private static long? Number(string group, string file) =>
        ControlGroupFile.Lines(group, file) is [var line, ..] ? Parse(line) : null;

    private static long? Field(string group, string file, string name) =>
        ControlGroupFile.Lines(group, file).FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal)) is { } line
            ? Parse(line.AsSpan(name.Length + 1))
            : null;

    private static long? Parse(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
