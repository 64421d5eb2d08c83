namespace Portico.ControlPlane.Git;

/// <summary>Decides when to check a remote branch again. Pure.</summary>
internal static class BranchCheckSchedule
{
    private const int MostDoublings = 6;
    private static readonly TimeSpan Never = TimeSpan.FromDays(36_500);

    /// <param name="interval">The interval; zero to never check on its own.</param>
    /// <param name="failures">The number of failures in a row. Each doubles the interval, up to 64 times.</param>
    /// <param name="random">A random number from 0 to 1, so that the branches of one host are not all checked at the same moment.</param>
    public static DateTimeOffset Next(DateTimeOffset now, TimeSpan interval, int failures, double random) =>
        interval == TimeSpan.Zero ? now + Never : now + (interval * Math.Pow(2, Math.Min(failures, MostDoublings)) * (0.85 + (0.3 * random)));
}
