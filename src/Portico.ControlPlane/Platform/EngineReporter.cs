using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Reports what the engine can do on this machine, for <c>portico doctor</c>.</summary>
internal sealed class EngineReporter(IEngine engine, PlatformSettings settings)
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
                Builds(can),
                can.Isolation
                    ? new EngineCheckItem("ok", "isolation", "Services are isolated from each other.", null)
                    : new EngineCheckItem("warning", "isolation", "Services run as processes and are not isolated from each other.", null),
                can.PortRestriction is { } reachable
                    ? new EngineCheckItem("warning", "instance ports", reachable, null)
                    : new EngineCheckItem("ok", "instance ports", "The network reaches services through the edge only.", null),
                can.DiskRestriction is { } restriction
                    ? new EngineCheckItem("warning", "disks", restriction, null)
                    : new EngineCheckItem("ok", "disks", "Disks can be mounted at any path.", null),
                can.DiskSizeRestriction is { } measured
                    ? new EngineCheckItem("warning", "disk sizes", measured, null)
                    : new EngineCheckItem("ok", "disk sizes", "The size of a disk is enforced.", null),
                .. can.Runtimes.Select(Runtime),
            ],
        };
    }

    private static EngineCheckItem Limit(string name, LimitSupport limit) => limit.Enforced
        ? new EngineCheckItem("ok", name, "The limits of a plan are enforced.", null)
        : new EngineCheckItem("warning", name, limit.Reason ?? "The limits of a plan are not enforced.", null);

    /// <summary>Reports what keeps builds from slowing down running services.</summary>
    private EngineCheckItem Builds(EngineCapabilities can)
    {
        var allowed = $"{settings.ConcurrentBuilds} at once, {settings.BuildMemoryBytes >> 20} MB of memory each";
        return can is { CpuLimit.Enforced: true, MemoryLimit.Enforced: true }
            ? new EngineCheckItem("ok", "builds", $"{allowed}; a control group gives running services priority over builds.", null)
            : new EngineCheckItem("warning", "builds", $"{allowed}; builds only run at a lower priority than services, and their memory is checked from time to time.", can.CpuLimit.Reason);
    }

    private static EngineCheckItem Runtime(RuntimeSupport runtime) => runtime.Versions.Count + runtime.Fetchable.Count > 0
        ? new EngineCheckItem("ok", runtime.Name, Describe(runtime), null)
        : runtime.Problem is { } problem
        ? new EngineCheckItem("warning", runtime.Name, $"It cannot be used: {problem}", runtime.Install)
        : new EngineCheckItem("warning", runtime.Name, "Not installed. Blueprints that need it are rejected.", runtime.Install);

    private static string Describe(RuntimeSupport runtime) => string.Join("; fetched when needed: ",
        new[] { runtime.Versions, runtime.Fetchable }.Where(versions => versions.Count > 0).Select(versions => string.Join(", ", versions)));
}
