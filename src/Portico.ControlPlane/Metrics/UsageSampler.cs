using Portico.Core.Engines;

namespace Portico.ControlPlane.Metrics;

/// <summary>Measures CPU, memory and the number of instances. It remembers the last CPU time to compute a rate.</summary>
internal sealed class UsageSampler(IEngine engine, LatestUsage latest, TimeProvider time)
{
    private Dictionary<InstanceId, TimeSpan> _before = [];
    private long _measured;

    /// <param name="limits">Limits by owner, for plans whose limits differ from the engine's.</param>
    public async Task<IReadOnlyList<GaugeSample>> SampleAsync(
        IReadOnlyDictionary<string, ResourceLimits> limits, CancellationToken cancellationToken)
    {
        var usages = await engine.MeasureAsync(cancellationToken);
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_measured, now);
        var samples = usages.SelectMany(usage => Describe(usage, limits.GetValueOrDefault(usage.Owner, usage.Limits), elapsed)).ToList();
        latest.Replace(usages.ToDictionary(usage => usage.Id, usage => UseOf(usage, elapsed)), time.GetUtcNow());
        _before = usages.ToDictionary(usage => usage.Id, usage => usage.CpuTime);
        _measured = now;
        samples.AddRange(engine.Observe().Instances.Where(instance => instance.Status is not (InstanceStatus.Stopping or InstanceStatus.BackingOff))
            .CountBy(instance => instance.Owner).Select(owner => new GaugeSample(Gauge.InstanceCount, owner.Key, "", owner.Value)));
        return samples;
    }

    private InstanceUse UseOf(InstanceUsage usage, TimeSpan elapsed) => new(
        usage.Limits.CpuMillis is { } millis && CoresOf(usage, elapsed) is { } cores ? cores * 100_000 / millis : null,
        usage.Limits.MemoryBytes is { } bytes ? usage.MemoryBytes * 100.0 / bytes : null);

    /// <summary>
    /// Returns the cores in use since the last measurement. A lower CPU time means that the instance was restarted; the next
    /// measurement has a value again.
    /// </summary>
    private double? CoresOf(InstanceUsage usage, TimeSpan elapsed) =>
        _before.TryGetValue(usage.Id, out var before) && usage.CpuTime >= before && elapsed > TimeSpan.Zero ? (usage.CpuTime - before) / elapsed : null;

    private IEnumerable<GaugeSample> Describe(InstanceUsage usage, ResourceLimits limits, TimeSpan elapsed)
    {
        var (owner, instance) = (usage.Owner, usage.Id.Value);
        if (CoresOf(usage, elapsed) is { } cores)
            yield return new GaugeSample(Gauge.Cpu, owner, instance, cores);
        yield return new GaugeSample(Gauge.Memory, owner, instance, usage.MemoryBytes);
        if (limits.CpuMillis is { } millis)
            yield return new GaugeSample(Gauge.CpuLimit, owner, instance, millis / 1000.0);
        if (limits.MemoryBytes is { } bytes)
            yield return new GaugeSample(Gauge.MemoryLimit, owner, instance, bytes);
    }
}
