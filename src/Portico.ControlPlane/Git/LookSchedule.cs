namespace Portico.ControlPlane.Git;

/// <summary>When to look at a remote branch again. Pure.</summary>
public static class LookSchedule
{
    private const int MostDoublings = 6;
    private static readonly TimeSpan Never = TimeSpan.FromDays(36_500);

    /// <param name="interval">Zero: never by itself.</param>
    /// <param name="failures">How often in a row there was no answer: each doubles the pause, up to 64 times.</param>
    /// <param name="random">From 0 to 1: many branches of one host are not looked at in the same moment.</param>
    public static DateTimeOffset Next(DateTimeOffset now, TimeSpan interval, int failures, double random) =>
        interval == TimeSpan.Zero ? now + Never : now + (interval * Math.Pow(2, Math.Min(failures, MostDoublings)) * (0.85 + (0.3 * random)));
}
