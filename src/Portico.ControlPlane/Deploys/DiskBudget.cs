using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Keeps space free on the platform's disk: a build starts only if enough is left. Otherwise caches are removed first, then
/// older builds; the live deploy and the one before it are kept.
/// </summary>
internal sealed class DiskBudget(IEngine engine, DeploySweeper sweeper, PlatformSettings settings)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>Enough to roll back to the previous deploy.</summary>
    private const int LeastKept = 2;

    /// <returns>Why a build cannot start; null if it can.</returns>
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
