using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Reports what answers from outside of this machine and should not, for <c>portico doctor</c>.</summary>
/// <param name="check">Null if the engine cannot try it.</param>
internal sealed class OutsideReporter(IOutsideCheck? check, IEngine engine, PlatformSettings settings, IDbContextFactory<PorticoDb> databases)
{
    private const string Name = "outside";

    public async Task<EngineReport> ReportAsync(CancellationToken cancellationToken)
    {
        var finding = check is null
            ? new OutsideFinding { Restriction = "this engine cannot do that." }
            : await check.RunAsync(settings.Paths.Home, await OpenAsync(cancellationToken), cancellationToken);
        return new EngineReport { Name = engine.Capabilities.Name, Checks = [Describe(finding)] };
    }

    private static EngineCheckItem Describe(OutsideFinding finding) => finding switch
    {
        { Restriction: { } restriction } => new EngineCheckItem("warning", Name, $"What answers from outside was not tried: {restriction}", null),
        { Answering: [] } => new EngineCheckItem(
            "ok", Name, $"{finding.Tried} ports of the platform and its services were tried from a network namespace that stands for the outside. None answers.", null),
        _ => new EngineCheckItem(
            "error", Name, $"These answer from outside, but must not: {string.Join(", ", finding.Answering)}.",
            "Look for packet rules of other programs that accept them (`nft list ruleset`), and close these ports in a firewall."),
    };

    /// <summary>The ports that anybody may reach: those of the edge, of SSH, and of the data stores with an allow list.</summary>
    private async Task<IReadOnlyCollection<int>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stores = await db.DataStores.AsNoTracking().ToListAsync(cancellationToken);
        return [settings.HttpPort, settings.SshPort, .. stores.Where(DataStoreAddresses.IsOpen).Select(store => store.Identity.ExternalPort!.Value)];
    }
}
