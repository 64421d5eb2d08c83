using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Reports what the engine can do on this machine, for <c>portico doctor</c>.</summary>
internal sealed class EngineReporter(IEngine engine, SshServer ssh, PlatformSettings settings, IDbContextFactory<PorticoDb> databases)
{
    private const string Postgres = "postgres", KeyValue = "keyvalue";

    public async Task<EngineReport> ReportAsync(CancellationToken cancellationToken)
    {
        var can = engine.Capabilities;
        var used = await UsedAsync(cancellationToken);
        var remote = await ssh.DescribeAsync(cancellationToken);
        return new EngineReport
        {
            Name = can.Name,
            Checks =
            [
                Limit("memory limits", can.MemoryLimit),
                Limit("CPU limits", can.CpuLimit),
                Builds(can),
                new EngineCheckItem(can.Isolation ? "ok" : "warning", "isolation", Sentence(can.Sandbox), null),
                can.PrivateNetwork.Restriction is { } shared
                    ? new EngineCheckItem("warning", "private network", Sentence(shared), null)
                    : new EngineCheckItem("ok", "private network", $"Each workspace has a private network of its own, in {can.PrivateNetwork.Range}.", null),
                can.PortRestriction is { } reachable
                    ? new EngineCheckItem("warning", "instance ports", reachable, null)
                    : new EngineCheckItem("ok", "instance ports", "The network reaches services through the edge only.", null),
                can.DiskRestriction is { } restriction
                    ? new EngineCheckItem("warning", "disks", restriction, null)
                    : new EngineCheckItem("ok", "disks", "Disks can be mounted at any path.", null),
                can.DiskSizeRestriction is { } measured
                    ? new EngineCheckItem("warning", "disk sizes", measured, null)
                    : new EngineCheckItem("ok", "disk sizes", "The size of a disk is enforced.", null),
                can.AttachRestriction is { } unattached
                    ? new EngineCheckItem("warning", "shells", unattached, null)
                    : new EngineCheckItem("ok", "shells", "Shells and commands run in the sandbox of their service.", null),
                new EngineCheckItem(remote.IsProblem ? "warning" : "ok", "SSH", remote.Text, null),
                .. can.Runtimes.Select(runtime => Runtime(runtime, used.Contains(runtime.Name))),
            ],
        };
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

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

    /// <summary>A language that nothing uses is no problem of this machine.</summary>
    private static EngineCheckItem Runtime(RuntimeSupport runtime, bool isUsed) => (runtime.Versions.Count + runtime.Fetchable.Count, isUsed) switch
    {
        ( > 0, _) => new EngineCheckItem("ok", runtime.Name, Describe(runtime), null),
        (_, true) when runtime.Problem is { } problem => new EngineCheckItem("warning", runtime.Name, $"It cannot be used: {problem}", runtime.Install),
        (_, true) => new EngineCheckItem("warning", runtime.Name, "Not installed, but used. The next deploy that needs it fails.", runtime.Install),
        _ => new EngineCheckItem("ok", runtime.Name, $"Not installed, and nothing uses it. To install it: {runtime.Install}", null),
    };

    private static string Describe(RuntimeSupport runtime) => string.Join("; fetched when needed: ",
        new[] { runtime.Versions, runtime.Fetchable }.Where(versions => versions.Count > 0).Select(versions => string.Join(", ", versions)));

    /// <summary>The runtimes that services and data stores use.</summary>
    private async Task<HashSet<string>> UsedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var settings = await db.Services.AsNoTracking().Select(row => row.Settings).ToListAsync(cancellationToken);
        var kinds = await db.DataStores.AsNoTracking().Select(row => row.Kind).Distinct().ToListAsync(cancellationToken);
        return [.. settings.Select(item => item.Runtime), .. kinds.Select(kind => kind == DataStoreKind.Postgres ? Postgres : KeyValue)];
    }
}
