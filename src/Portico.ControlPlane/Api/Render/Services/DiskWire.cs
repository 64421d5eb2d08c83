using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>Disks in the format of Render's API.</summary>
internal static class DiskWire
{
    public static DiskDetails ToWire(ServiceRow row)
    {
        var disk = row.Settings.Disk!;
        return new DiskDetails
        {
            Id = row.DiskId!,
            Name = disk.Name,
            SizeGB = disk.SizeGB ?? DiskSpec.DefaultSizeGB,
            MountPath = disk.MountPath,
            ServiceId = row.Id,
            CreatedAt = disk.CreatedAt ?? row.CreatedAt,
            UpdatedAt = disk.UpdatedAt ?? disk.CreatedAt ?? row.CreatedAt,
        };
    }
}
