using Portico.Core.Engines;

namespace Portico.ControlPlane.Metrics;

/// <summary>The resource usage of every running instance at the newest measurement.</summary>
internal sealed class LatestUsage
{
    private IReadOnlyDictionary<InstanceId, InstanceUse> _current = new Dictionary<InstanceId, InstanceUse>();

    /// <summary>The time of the measurement; null before the first one.</summary>
    public DateTimeOffset? At { get; private set; }

    public InstanceUse? Find(InstanceId instance) => Volatile.Read(ref _current).GetValueOrDefault(instance);

    public void Replace(IReadOnlyDictionary<InstanceId, InstanceUse> current, DateTimeOffset at)
    {
        Volatile.Write(ref _current, current);
        At = at;
    }
}

/// <param name="CpuPercent">The average CPU usage since the previous measurement, in percent of the limit; null without a previous
/// measurement or a limit.</param>
/// <param name="MemoryPercent">The memory usage in percent of the limit; null without a limit.</param>
internal sealed record InstanceUse(double? CpuPercent, double? MemoryPercent);
