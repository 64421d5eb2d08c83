namespace Portico.ControlPlane.Metrics;

/// <summary>A resolution at which numbers are kept, and for how long. Every number goes into each tier when it comes; nothing is summed up later.</summary>
/// <param name="Name">In the names of its tables.</param>
/// <param name="Seconds">The length of its steps.</param>
internal sealed record Tier(string Name, int Seconds, TimeSpan Kept)
{
    public static Tier Fine { get; } = new("fine", 30, TimeSpan.FromDays(2));

    public static Tier Coarse { get; } = new("coarse", 300, TimeSpan.FromDays(30));

    public static IReadOnlyList<Tier> All { get; } = [Fine, Coarse];

    /// <summary>The start of the step that a time falls into, in seconds since 1970.</summary>
    public long StepOf(DateTimeOffset time) => StepOf(time, Seconds);

    public static long StepOf(DateTimeOffset time, int seconds)
    {
        var unix = time.ToUnixTimeSeconds();
        return unix - (unix % seconds);
    }

    /// <summary>The one that answers a question: the coarse one where the fine one has no more, or is finer than asked for.</summary>
    public static Tier For(DateTimeOffset start, int resolutionSeconds, DateTimeOffset now) =>
        now - start > Fine.Kept || resolutionSeconds % Coarse.Seconds == 0 ? Coarse : Fine;
}
