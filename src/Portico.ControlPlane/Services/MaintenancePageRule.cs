using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Requires the maintenance page to be on another host: in maintenance mode, the service answers all of its own requests
/// with that page.
/// </summary>
internal static class MaintenancePageRule
{
    /// <exception cref="RefusedException">The page is on one of the service's own hosts.</exception>
    public static async Task RequireAsync(PorticoDb db, ServiceRow service, PlatformSettings platform, CancellationToken cancellationToken)
    {
        if (service.Settings.Maintenance?.Uri is not { } page || !Uri.TryCreate(page, UriKind.Absolute, out var uri))
            return;
        if (uri.Host == platform.HostOf(service.Slug)
            || await db.CustomDomains.AnyAsync(row => row.ServiceId == service.Id && row.Name == uri.Host, cancellationToken))
            throw Refusal.Invalid($"serviceDetails.maintenanceMode.uri: {uri.Host} is this service itself, which can't serve the page in maintenance mode. Use a page elsewhere, for example on a static site.");
    }
}
