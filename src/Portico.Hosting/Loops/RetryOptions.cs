namespace Portico.Hosting.Loops;

/// <summary>How retries of an item begin.</summary>
/// <param name="Shortest">The delay after the first failure, which doubles from there; one second where it is zero.</param>
/// <param name="SilentAttempts">The number of failures in a row that are not logged, for example while a server starts.</param>
public readonly record struct RetryOptions(TimeSpan Shortest = default, int SilentAttempts = 0)
{
    internal TimeSpan After(int failures)
    {
        if (Shortest == TimeSpan.Zero)
            return RetryDelay.After(failures);
        var doubled = Shortest * (1L << Math.Clamp(failures - 1, 0, 20));
        return doubled < RetryDelay.Longest ? doubled : RetryDelay.Longest;
    }
}
