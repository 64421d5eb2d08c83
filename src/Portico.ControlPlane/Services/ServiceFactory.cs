using Microsoft.EntityFrameworkCore;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Creates new services, with everything that is fixed at creation: id, address, port.</summary>
internal sealed class ServiceFactory(IdSource ids, PortAllocator ports, PrivateNetwork network, TimeProvider time)
{
    private const int SuffixLength = 4;

    /// <param name="taken">What other resources have. The port and the number of the new service are added.</param>
    /// <returns>A row that is not in the context yet.</returns>
    public async Task<ServiceRow> CreateAsync(
        PorticoDb db, string workspace, string name, ServiceType type, ServiceSettings settings, TakenAddresses taken,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = type == ServiceType.CronJob ? ids.New<CronJobId>().Value : ids.New<ServiceId>().Value;
        return new ServiceRow
        {
            Id = id,
            WorkspaceId = workspace,
            Name = name,
            Slug = await SlugAsync(db, name, id, cancellationToken),
            Type = type,
            Settings = settings,
            DiskId = settings.Disk is null ? null : ids.New<DiskId>().Value,
            InternalPort = type.Listens() ? ports.Take(taken.Ports) : null,
            AddressNumber = type.Listens() ? taken.TakeService(network.Numbered) : null,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>
    /// Returns the name as a part of a host name. If another service uses it, or used it before a rename, the random end of
    /// the id is appended.
    /// </summary>
    private static async Task<string> SlugAsync(PorticoDb db, string name, string id, CancellationToken cancellationToken)
    {
        var slug = Slug.Of(name);
        if (!await db.Services.AnyAsync(row => row.Slug == slug, cancellationToken))
            return slug;
        var stem = slug.Length > Slug.Longest - SuffixLength - 1 ? slug[..(Slug.Longest - SuffixLength - 1)].TrimEnd('-') : slug;
        return $"{stem}-{id[^SuffixLength..]}";
    }
}
