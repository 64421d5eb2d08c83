using System.Globalization;

namespace Portico.Engines.Process.Native;

/// <summary>The line that the kernel keeps about a process in <c>/proc/PID/stat</c>.</summary>
/// <param name="Threads">Those that have not ended, and the first, which counts until the process is waited for.</param>
/// <param name="CpuTicks">CPU time that it and those of its children have used that it has waited for.</param>
internal readonly record struct ProcStat(int Pid, char State, int Parent, int Group, int Session, int Threads, long CpuTicks, long StartTime)
{
    private const int StateField = 0, ParentField = 1, GroupField = 2, SessionField = 3, CpuField = 11, CpuFields = 4, ThreadsField = 17, StartTimeField = 19;

    /// <summary>The same on every machine that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>
    /// Ended, and only waiting for its parent to notice. A process whose first thread has ended looks the same, but others of
    /// it still hold its files and ports.
    /// </summary>
    public bool IsDead => State is 'X' || (State is 'Z' && Threads <= 1);

    public TimeSpan CpuTime => Ticks(CpuTicks);

    /// <summary>On the clock by which <see cref="StartTime"/> counts: not that of the wall.</summary>
    public static TimeSpan SinceBoot => TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture));

    public static TimeSpan Ticks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    /// <summary>Every process of the machine that can be seen.</summary>
    public static List<ProcStat> ReadAll() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Read(pid) : null)
            .OfType<ProcStat>()];

    public static ProcStat? Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The second field is a name in parentheses that may hold anything, also parentheses and spaces.</summary>
    public static ProcStat? Parse(string line)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        if (open < 1 || close < open || !int.TryParse(line.AsSpan(0, open), CultureInfo.InvariantCulture, out var pid))
            return null;
        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartTimeField)
            return null;
        return new ProcStat(
            pid, fields[StateField][0], Number(fields[ParentField]), Number(fields[GroupField]), Number(fields[SessionField]), Number(fields[ThreadsField]),
            fields.AsSpan(CpuField, CpuFields).ToArray().Sum(field => long.Parse(field, CultureInfo.InvariantCulture)),
            long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
