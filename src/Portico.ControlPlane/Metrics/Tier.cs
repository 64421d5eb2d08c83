namespace Portico.ControlPlane.Metrics;

/// <summary>
/// A resolution at which numbers are kept, and for how long. Every number is added to each tier when it arrives; nothing is
/// aggregated later.
/// </summary>
/// <param name="Name">The tier's part of the names of its tables.</param>
/// <param name="Seconds">The length of a step, in seconds.</param>
internal sealed record Tier(string Name, int Seconds, TimeSpan Kept)
{
    public static Tier Fine { get; } = new("fine", 30, TimeSpan.FromDays(2));

    public static Tier Coarse { get; } = new("coarse", 300, TimeSpan.FromDays(30));

    public static IReadOnlyList<Tier> All { get; } = [Fine, Coarse];

    /// <summary>Returns the start of the step that contains a time, in seconds since 1970.</summary>
    public long StepOf(DateTimeOffset time) => StepOf(time, Seconds);

    public static long StepOf(DateTimeOffset time, int seconds)
    {
        var unix = time.ToUnixTimeSeconds();
        return unix - (unix % seconds);
    }

    /// <summary>Returns the tier for a query: the coarse one if the fine one no longer has the data or is finer than requested.</summary>
    public static Tier For(DateTimeOffset start, int resolutionSeconds, DateTimeOffset now) =>
        now - start > Fine.Kept || resolutionSeconds % Coarse.Seconds == 0 ? Coarse : Fine;
}
