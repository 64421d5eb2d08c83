using Portico.Core.Engines;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// The processor that an instance may have while it starts: a whole one, also where its plan is a tenth. Somebody waits for it,
/// and to start takes a moment's work that a tenth of a processor would stretch to seconds.
/// </summary>
internal static class StartupCpuShare
{
    private const int WholeProcessor = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static ResourceLimits Of(ResourceLimits plan) =>
        plan.CpuMillis is < WholeProcessor ? plan with { CpuMillis = WholeProcessor } : plan;

    /// <summary>Gives it its plan's share once it is ready, or has had long enough.</summary>
    public static async Task EndAsync(Instance instance, Workload workload, Revision revision, TimeProvider time, CancellationToken cancellationToken)
    {
        if (revision.Limits.CpuMillis is not { } millis || millis >= WholeProcessor)
            return;
        while (instance.Supervised.Health.ReadySince is null && time.GetUtcNow() - instance.Record.StartedAt < Longest)
            await Task.Delay(Look, time, cancellationToken);
        ControlGroups.LimitCpu(workload.Groups, millis);
    }
}
