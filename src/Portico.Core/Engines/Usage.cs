namespace Portico.Core.Engines;

/// <summary>What an instance uses of the machine at one moment, with every process that it started.</summary>
/// <param name="CpuTime">
/// Of all cores together, since the instance started. May fall: by a restart, and where the engine cannot count what processes had
/// used that are gone.
/// </param>
/// <param name="MemoryBytes">What it could not do without: a cache that the kernel can drop at any time does not count.</param>
/// <param name="Limits">Those of its revision, whether or not the engine can enforce them.</param>
public sealed record InstanceUsage(InstanceId Id, string Owner, TimeSpan CpuTime, long MemoryBytes, ResourceLimits Limits);
