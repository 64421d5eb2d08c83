namespace Portico.Core.Scaling;

/// <summary>Decides how many instances a service needs for its CPU and memory use. Pure.</summary>
/// <remarks>
/// As in https://render.com/docs/scaling: number of instances × average use / target use, rounded up; for
/// CPU and memory, the larger result, within the limits. It scales up immediately, and down only to the maximum that was needed in the last minutes,
/// so that a short lull removes no instance.
/// </remarks>
public static class AutoscalePlanner
{
    /// <summary>How long fewer instances must have been enough before scaling down.</summary>
    public static TimeSpan DownAfter { get; } = TimeSpan.FromMinutes(5);

    // A rounding error above a whole number must not add an instance.
    private const double Rounding = 1e-9;

    /// <summary>Returns the number for this use alone; null when no use with a target is known.</summary>
    public static int? Wanted(AutoscaleBounds bounds, int current, Utilization use)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(use);
        double?[] ratios = [use.CpuPercent / bounds.TargetCpuPercent, use.MemoryPercent / bounds.TargetMemoryPercent];
        return ratios.Max() is { } ratio ? bounds.Clamp((int)Math.Ceiling(Math.Min(current * ratio - Rounding, bounds.Most))) : null;
    }

    /// <summary>Returns the number of instances to run now.</summary>
    /// <param name="wanted">The earlier results, oldest first. One older than <see cref="DownAfter"/> only shows how far the history goes back.</param>
    /// <param name="isSettled">Whether all requested instances are ready, so that their share of the work is known.</param>
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

/// <param name="TargetCpuPercent">The target in percent of an instance's CPU; null for none.</param>
/// <param name="TargetMemoryPercent">The target in percent of an instance's memory; null for none.</param>
public sealed record AutoscaleBounds(int Least, int Most, int? TargetCpuPercent, int? TargetMemoryPercent)
{
    public int Clamp(int instances) => Math.Clamp(instances, Least, Math.Max(Least, Most));
}

/// <summary>The average use of instances in percent; null when it is unknown.</summary>
public sealed record Utilization(double? CpuPercent, double? MemoryPercent);
