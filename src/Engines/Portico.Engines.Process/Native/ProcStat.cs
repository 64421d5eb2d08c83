using System.Globalization;
using Portico.Hosting;

namespace Portico.Engines.Process.Native;

/// <summary>A process as the kernel describes it in <c>/proc/PID/stat</c>.</summary>
/// <param name="Threads">The number of threads that have not ended, plus the first one, which counts until the parent has waited for the process.</param>
/// <param name="CpuTicks">The CPU time of the process and of those children that it has waited for.</param>
internal readonly record struct ProcStat(int Pid, char State, int Parent, int Group, int Session, int Threads, long CpuTicks, long StartTime)
{
    private const int StateField = 0, ParentField = 1, GroupField = 2, SessionField = 3, CpuField = 11, CpuFields = 4, ThreadsField = 17, StartTimeField = 19;

    /// <summary>The kernel's clock ticks, which are the same on every machine that .NET supports.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>
    /// Whether the process has ended and only waits for its parent. A process whose first thread has ended looks the same, but its
    /// other threads still hold files and ports.
    /// </summary>
    public bool IsDead => State is 'X' || (State is 'Z' && Threads <= 1);

    public TimeSpan CpuTime => Ticks(CpuTicks);

    /// <summary>The time since boot, on the clock of <see cref="StartTime"/>, which cannot be set.</summary>
    public static TimeSpan SinceBoot => TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture));

    public static TimeSpan Ticks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    /// <summary>Returns every visible process of the machine.</summary>
    public static List<ProcStat> ReadAll() =>
        [.. DirectoryEntries.Directories("/proc")
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

    /// <summary>Parses the line. Its second field is a name in parentheses that may itself contain parentheses and spaces.</summary>
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
