using System.Globalization;

namespace Portico.Engines.Process.Native;

/// <summary>The line that the kernel keeps about a process in <c>/proc/PID/stat</c>.</summary>
internal readonly record struct ProcStat(int Pid, char State, int Parent, int Group, int Session, long StartTime)
{
    private const int StateField = 0, ParentField = 1, GroupField = 2, SessionField = 3, StartTimeField = 19;

    /// <summary>Ended, and only waiting for its parent to notice.</summary>
    public bool IsDead => State is 'Z' or 'X';

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
            pid, fields[StateField][0], Number(fields[ParentField]), Number(fields[GroupField]), Number(fields[SessionField]),
            long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
