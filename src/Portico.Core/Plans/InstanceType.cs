using Portico.Core.Engines;

namespace Portico.Core.Plans;

/// <summary>The resources of a plan.</summary>
/// <param name="Plan">The plan's name in the Blueprint schema, for example <c>pro plus</c>.</param>
public sealed record InstanceType(string Plan, ResourceLimits Limits)
{
    internal const long MiB = 1024 * 1024;
    internal const long GiB = 1024 * MiB;
}
