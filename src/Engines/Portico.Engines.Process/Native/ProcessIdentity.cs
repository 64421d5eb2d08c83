namespace Portico.Engines.Process.Native;

/// <summary>Identifies one process forever. Process ids are reused, but not with the same start time in the same boot.</summary>
internal sealed record ProcessIdentity(int Pid, long StartTime, string BootId)
{
    /// <summary>Identifies the current boot of the machine.</summary>
    public static string CurrentBoot { get; } = ReadBoot();

    public static ProcessIdentity? Of(int pid) =>
        ProcStat.Read(pid) is { IsDead: false } stat ? new ProcessIdentity(pid, stat.StartTime, CurrentBoot) : null;

    /// <summary>Identifies a child of this process, which keeps its id until it is reaped.</summary>
    public static ProcessIdentity OfChild(int pid) => new(pid, ProcStat.Read(pid)?.StartTime ?? 0, CurrentBoot);

    public bool IsAlive() =>
        BootId == CurrentBoot && ProcStat.Read(Pid) is { IsDead: false } stat && stat.StartTime == StartTime;

    /// <summary>How long ago it was started, on a clock that cannot be set; zero if it has ended.</summary>
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
