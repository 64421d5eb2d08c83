using Portico.Core.Engines;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// Lets an instance use a whole processor while it starts, even if its plan has a tenth of one. Users wait for the start, and with
/// a tenth of a processor its short burst of work would take seconds.
/// </summary>
internal static class StartupCpuShare
{
    private const int WholeProcessor = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static ResourceLimits Of(ResourceLimits plan) =>
        plan.CpuMillis is < WholeProcessor ? plan with { CpuMillis = WholeProcessor } : plan;

    /// <summary>Lowers the share to the plan's once the instance is ready, or after some seconds.</summary>
    public static async Task EndAsync(Instance instance, Workload workload, Revision revision, TimeProvider time, CancellationToken cancellationToken)
    {
        if (revision.Limits.CpuMillis is not { } millis || millis >= WholeProcessor)
            return;
        while (instance.Supervised.Health.ReadySince is null && time.GetUtcNow() - instance.Record.StartedAt < Longest)
            await Task.Delay(Look, time, cancellationToken);
        ControlGroups.LimitCpu(workload.Groups, millis);
    }
}
