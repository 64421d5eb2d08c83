using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Services;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render;

/// <summary>A disk as Render's API shows it.</summary>
internal static class DiskWire
{
    public static DiskDetails ToWire(ServiceRow row)
    {
        var disk = row.Settings.Disk!;
        return new DiskDetails
        {
            Id = ServiceWire.DiskIdOf(row.Id),
            Name = disk.Name,
            SizeGB = disk.SizeGB ?? ServiceWire.DefaultDiskSizeGB,
            MountPath = disk.MountPath,
            ServiceId = row.Id,
            CreatedAt = disk.CreatedAt ?? row.CreatedAt,
            UpdatedAt = disk.UpdatedAt ?? disk.CreatedAt ?? row.CreatedAt,
        };
    }

    /// <returns>Empty when it is no disk's id: no service has that.</returns>
    public static string ServiceIdOf(string disk) =>
        ResourceId.TryParse<DiskId>(disk, out var id) ? ServiceId.FromBody(id.Value[DiskId.Prefix.Length..]).Value : "";
}
