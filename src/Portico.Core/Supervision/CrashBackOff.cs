namespace Portico.Core.Supervision;

/// <summary>Computes how long to wait before a crashed instance is started again: 0 s, 1 s, 2 s, 4 s, … at most 60 s.</summary>
public static class CrashBackOff
{
    /// <summary>An instance that stayed up this long has recovered: its next crash counts as its first.</summary>
    public static TimeSpan StableAfter { get; } = TimeSpan.FromSeconds(60);

    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(60);

    /// <param name="failures">The number of consecutive crashes, including the newest one.</param>
    public static TimeSpan Delay(int failures) => failures switch
    {
        <= 1 => TimeSpan.Zero,
        >= 8 => Longest,
        _ => TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 1 << (failures - 2))),
    };

    /// <summary>Returns the number of consecutive crashes after another one.</summary>
    public static int FailuresAfter(int previous, TimeSpan uptime) => uptime >= StableAfter ? 1 : previous + 1;
}
