using Portico.ControlPlane.Access;
using Portico.ControlPlane.Services;

namespace Portico.ControlPlane.Api.Render;

/// <summary>The service in a path.</summary>
internal static class ServiceLookup
{
    /// <exception cref="RefusedException">404 when the caller may know of none with this id; 403 when the role does not allow it.</exception>
    public static Task<ServiceRow> GetServiceAsync(this IQueryable<ServiceRow> services, Caller caller, string id, CancellationToken cancellationToken) =>
        services.GetAsync(caller, row => row.Id == id, "service", id, cancellationToken);
}
