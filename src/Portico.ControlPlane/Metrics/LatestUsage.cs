using Portico.Core.Engines;

namespace Portico.ControlPlane.Metrics;

/// <summary>What every running instance used by the newest measurement.</summary>
public sealed class LatestUsage
{
    private IReadOnlyDictionary<InstanceId, InstanceUse> _current = new Dictionary<InstanceId, InstanceUse>();

    /// <summary>When it was measured; null before the first time.</summary>
    public DateTimeOffset? At { get; private set; }

    public InstanceUse? Find(InstanceId instance) => Volatile.Read(ref _current).GetValueOrDefault(instance);

    public void Replace(IReadOnlyDictionary<InstanceId, InstanceUse> current, DateTimeOffset at)
    {
        Volatile.Write(ref _current, current);
        At = at;
    }
}

/// <param name="CpuPercent">Of its share, on average since the measurement before; null where there was none, or no share is set.</param>
/// <param name="MemoryPercent">Of its limit; null where none is set.</param>
public sealed record InstanceUse(double? CpuPercent, double? MemoryPercent);
