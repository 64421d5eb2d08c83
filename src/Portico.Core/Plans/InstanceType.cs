using Portico.Core.Engines;

namespace Portico.Core.Plans;

/// <summary>What a plan of a Blueprint buys.</summary>
/// <param name="Plan">As in the Blueprint schema, for example <c>pro plus</c>.</param>
/// <param name="ConnectionLimit">Clients at one time; null where there is no such limit.</param>
public sealed record InstanceType(string Plan, ResourceLimits Limits, int? ConnectionLimit = null)
{
    internal const long MiB = 1024 * 1024;
    internal const long GiB = 1024 * MiB;
}
