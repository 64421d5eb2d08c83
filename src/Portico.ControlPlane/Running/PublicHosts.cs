using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Running;

/// <summary>Finds the host that a service is known by.</summary>
internal sealed class PublicHosts(PlatformSettings settings)
{
    /// <returns>A custom domain if there is one, as on Render, or else the service's own host on this platform; null when it is not public.</returns>
    public async Task<string?> OfAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        if (!service.Type.IsPublic())
            return null;
        var domains = await db.CustomDomains.AsNoTracking().Where(row => row.ServiceId == service.Id && row.VerifiedAt != null)
            .OrderBy(row => row.VerifiedAt).ThenBy(row => row.Name).ToListAsync(cancellationToken);
        return domains.FirstOrDefault(row => !row.IsWildcard && row.RedirectForName is null)?.Name ?? settings.HostOf(service.Slug);
    }
}
