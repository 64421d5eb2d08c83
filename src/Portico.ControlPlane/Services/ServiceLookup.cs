using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Services;

/// <summary>Finds the service that a path names.</summary>
internal static class ServiceLookup
{
    /// <exception cref="RefusedException">404 if the caller can see no service with this id; 403 if the role does not allow access.</exception>
    public static Task<ServiceRow> GetServiceAsync(this IQueryable<ServiceRow> services, Caller caller, string id, CancellationToken cancellationToken) =>
        services.GetAsync(caller, row => row.Id == id, "service", id, cancellationToken);

    /// <summary>Loads a service for a change and marks it as changed, so that concurrent changes of its parts are serialized.</summary>
    /// <param name="affected">The list of affected services, to which the service is added.</param>
    public static async Task<ServiceRow> EditServiceAsync(
        this PorticoDb db, Caller caller, string id, ICollection<ServiceRow> affected, TimeProvider time, CancellationToken cancellationToken)
    {
        var service = await db.Services.GetServiceAsync(caller, id, cancellationToken);
        service.Touch(time.GetUtcNow());
        affected.Add(service);
        return service;
    }
}
