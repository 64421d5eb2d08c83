using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Deploys;

/// <summary>The slots for builds: how many are in use, and who is next. A build without a command needs none.</summary>
internal sealed class BuildQueue(PlatformSettings settings)
{
    public static bool NeedsSlot(ServiceSettings settings) => !string.IsNullOrWhiteSpace(settings.BuildCommand);

    public async Task<bool> IsFullAsync(PorticoDb db, CancellationToken cancellationToken) =>
        Used(await BuildingAsync(db, cancellationToken)) >= settings.ConcurrentBuilds;

    /// <returns>0 when the deploy's build may start; its place among those that wait; -1 when it waits for a build of the same service.</returns>
    public async Task<int> PlaceAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken)
    {
        var building = await BuildingAsync(db, cancellationToken);
        if (building.Any(row => row.ServiceId == deploy.ServiceId && row.Id != deploy.Id))
            return -1;
        if (!NeedsSlot(deploy.Settings) || Used(building) < settings.ConcurrentBuilds)
            return 0;
        return 1 + await db.Deploys.AsNoTracking().CountAsync(
            row => row.Status == DeployStatus.Queued && row.Environment != null && row.ArtifactId == null && !row.CancelRequested
                && row.Build != DeployBuild.Never
                && (row.CreatedAt < deploy.CreatedAt || (row.CreatedAt == deploy.CreatedAt && row.Id.CompareTo(deploy.Id) < 0)), cancellationToken);
    }

    private static int Used(List<Building> building) => building.Count(row => NeedsSlot(row.Settings));

    private static Task<List<Building>> BuildingAsync(PorticoDb db, CancellationToken cancellationToken) =>
        db.Deploys.AsNoTracking().Where(row => row.Status == DeployStatus.BuildInProgress)
            .Select(row => new Building(row.Id, row.ServiceId, row.Settings)).ToListAsync(cancellationToken);

    private sealed record Building(string Id, string ServiceId, ServiceSettings Settings);
}
