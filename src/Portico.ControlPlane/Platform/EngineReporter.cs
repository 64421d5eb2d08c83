using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>What the engine can do on this machine, for <c>portico doctor</c>.</summary>
public sealed class EngineReporter(IEngine engine)
{
    public EngineReport Report()
    {
        var can = engine.Capabilities;
        return new EngineReport
        {
            Name = can.Name,
            Checks =
            [
                Limit("memory limits", can.MemoryLimit),
                Limit("CPU limits", can.CpuLimit),
                can.Isolation
                    ? new EngineCheckItem("ok", "isolation", "Services are isolated from each other.", null)
                    : new EngineCheckItem("warning", "isolation", "Services run as processes and are not isolated from each other.", null),
                can.DiskRestriction is { } restriction
                    ? new EngineCheckItem("warning", "disks", restriction, null)
                    : new EngineCheckItem("ok", "disks", "Disks can be mounted at any path.", null),
                .. can.Runtimes.Select(Runtime),
            ],
        };
    }

    private static EngineCheckItem Limit(string name, LimitSupport limit) => limit.Enforced
        ? new EngineCheckItem("ok", name, "The limits of a plan are enforced.", null)
        : new EngineCheckItem("warning", name, limit.Reason ?? "The limits of a plan are not enforced.", null);

    private static EngineCheckItem Runtime(RuntimeSupport runtime) => runtime.Versions.Count > 0
        ? new EngineCheckItem("ok", runtime.Name, string.Join(", ", runtime.Versions), null)
        : new EngineCheckItem("warning", runtime.Name, "Not installed; a Blueprint that needs it is refused.", runtime.Install);
}
