namespace Portico.Core.Scaling;

/// <summary>Decides how many instances a service is to have for what they use. Pure.</summary>
/// <remarks>
/// As in https://render.com/docs/scaling: the number of instances × what they use on average / what they are to use, rounded up; of
/// CPU and memory the larger one, within the bounds. Up at once; down only to the most that was wanted within some minutes, so
/// that a lull of a moment takes nothing away.
/// </remarks>
public static class AutoscalePlanner
{
    /// <summary>So long fewer must have been enough.</summary>
    public static TimeSpan DownAfter { get; } = TimeSpan.FromMinutes(5);

    // What the division leaves above a whole number is no reason for another instance.
    private const double Rounding = 1e-9;

    /// <summary>What would be right for this use alone; null when nothing is known that has a target.</summary>
    public static int? Wanted(AutoscaleBounds bounds, int current, Utilization use)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(use);
        double?[] ratios = [use.CpuPercent / bounds.TargetCpuPercent, use.MemoryPercent / bounds.TargetMemoryPercent];
        return ratios.Max() is { } ratio ? bounds.Clamp((int)Math.Ceiling(Math.Min(current * ratio - Rounding, bounds.Most))) : null;
    }

    /// <summary>How many there are to be now.</summary>
    /// <param name="wanted">What was wanted until now, oldest first; older than <see cref="DownAfter"/> counts only as how far it reaches back.</param>
    /// <param name="isSettled">All that were asked for are ready: their share of the work is known.</param>
    public static int Next(
        AutoscaleBounds bounds, int current, IReadOnlyList<(DateTimeOffset At, int Count)> wanted, bool isSettled, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(wanted);
        if (bounds.Clamp(current) is var inBounds && inBounds != current)
            return inBounds;
        if (wanted.Count == 0)
            return current;
        if (wanted[^1].Count > current)
            return isSettled ? wanted[^1].Count : current;
        if (now - wanted[0].At < DownAfter)
            return current;
        var most = wanted.Where(item => now - item.At <= DownAfter).Select(item => item.Count).DefaultIfEmpty(current).Max();
        return Math.Min(current, most);
    }
}

/// <param name="TargetCpuPercent">Of an instance's share; null where CPU does not matter.</param>
/// <param name="TargetMemoryPercent">Likewise.</param>
public sealed record AutoscaleBounds(int Least, int Most, int? TargetCpuPercent, int? TargetMemoryPercent)
{
    public int Clamp(int instances) => Math.Clamp(instances, Least, Math.Max(Least, Most));
}

/// <summary>What instances use of their shares, on average; null where it is not known.</summary>
public sealed record Utilization(double? CpuPercent, double? MemoryPercent);
