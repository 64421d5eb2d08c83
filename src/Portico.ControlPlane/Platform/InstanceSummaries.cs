using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

internal static class InstanceSummaries
{
    public static InstanceSummary Of(InstanceSnapshot instance) => new(instance.Id.Value, instance.ProcessId, instance.Status switch
    {
        InstanceStatus.Starting => "starting",
        InstanceStatus.Ready => "ready",
        InstanceStatus.Unhealthy => "unhealthy",
        InstanceStatus.BackingOff => "backing_off",
        InstanceStatus.Draining => "draining",
        InstanceStatus.Stopping => "stopping",
        _ => throw new ArgumentOutOfRangeException(nameof(instance)),
    });
}
