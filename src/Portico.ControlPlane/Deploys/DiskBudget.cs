using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// The platform never fills the disk that it runs from: before a build begins there must be some room left. When there is
/// not, what can be had again goes first, then what only an older rollback needs; what is live, and the one before, stay.
/// </summary>
public sealed class DiskBudget(IEngine engine, DeploySweeper sweeper, PlatformSettings settings)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>Enough to go back by one.</summary>
    private const int LeastKept = 2;

    /// <returns>Why a build cannot begin; null when it can.</returns>
    public async Task<string?> MakeRoomAsync(CancellationToken cancellationToken)
    {
        if (HasRoom)
            return null;
        await engine.FreeDiskAsync(cancellationToken);
        if (!HasRoom)
            await sweeper.SweepAsync(Math.Min(LeastKept, settings.KeptDeploys), cancellationToken);
        return HasRoom ? null
            : $"Only {Free / Megabyte} MB are free on the disk of {settings.Paths.Home}, but a build requires at least {settings.MinFreeDiskBytes / Megabyte} MB. "
                + "Older builds and downloads have already been removed. Free some space, or set PORTICO_MIN_FREE_DISK_MEGABYTES.";
    }

    private bool HasRoom => Free >= settings.MinFreeDiskBytes;

    private long Free => new DriveInfo(settings.Paths.Home).AvailableFreeSpace;
}
