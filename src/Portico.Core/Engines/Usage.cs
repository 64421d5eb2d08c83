namespace Portico.Core.Engines;

/// <summary>What an instance with all its processes uses of the machine at one moment.</summary>
/// <param name="CpuTime">
/// The CPU time on all cores since the instance started. It may decrease: after a restart, and where the engine cannot count the
/// time of processes that have ended.
/// </param>
/// <param name="MemoryBytes">The memory in use, without caches that the kernel can drop at any time.</param>
/// <param name="Limits">The limits of its revision, whether or not the engine can enforce them.</param>
public sealed record InstanceUsage(InstanceId Id, string Owner, TimeSpan CpuTime, long MemoryBytes, ResourceLimits Limits);
