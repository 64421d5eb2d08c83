namespace Portico.Engines.Process.Native;

/// <summary>One process for all time: numbers are used again, but not with the same start in the same boot.</summary>
internal sealed record ProcessIdentity(int Pid, long StartTime, string BootId)
{
    /// <summary>Which start of the machine this is.</summary>
    public static string CurrentBoot { get; } = ReadBoot();

    public static ProcessIdentity? Of(int pid) =>
        ProcStat.Read(pid) is { IsDead: false } stat ? new ProcessIdentity(pid, stat.StartTime, CurrentBoot) : null;

    /// <summary>A child of this process, which keeps its number until it is reaped.</summary>
    public static ProcessIdentity OfChild(int pid) => new(pid, ProcStat.Read(pid)?.StartTime ?? 0, CurrentBoot);

    public bool IsAlive() =>
        BootId == CurrentBoot && ProcStat.Read(Pid) is { IsDead: false } stat && stat.StartTime == StartTime;

    /// <summary>How long ago it was started, by a clock that nobody sets; zero when it has ended.</summary>
    public TimeSpan Age => IsAlive() ? Positive(ProcStat.SinceBoot - ProcStat.Ticks(StartTime)) : TimeSpan.Zero;

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static string ReadBoot()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
