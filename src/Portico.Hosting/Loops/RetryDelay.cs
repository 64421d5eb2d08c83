namespace Portico.Hosting.Loops;

/// <summary>How long to wait before something that failed is tried again: 1 s, 2 s, 4 s, … up to a limit.</summary>
public static class RetryDelay
{
    public static TimeSpan Shortest { get; } = TimeSpan.FromSeconds(1);

    /// <summary>For one item: it is retried forever, at least this often.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(60);

    /// <param name="failures">In a row, the one just seen included; at least 1.</param>
    public static TimeSpan After(int failures) => After(failures, Longest);

    public static TimeSpan After(int failures, TimeSpan longest)
    {
        var doubled = Shortest * (1L << Math.Clamp(failures - 1, 0, 20));
        return doubled < longest ? doubled : longest;
    }
}
