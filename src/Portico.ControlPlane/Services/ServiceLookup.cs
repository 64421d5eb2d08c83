using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Services;

/// <summary>The service in a path.</summary>
internal static class ServiceLookup
{
    /// <exception cref="RefusedException">404 when the caller may know of none with this id; 403 when the role does not allow it.</exception>
    public static Task<ServiceRow> GetServiceAsync(this IQueryable<ServiceRow> services, Caller caller, string id, CancellationToken cancellationToken) =>
        services.GetAsync(caller, row => row.Id == id, "service", id, cancellationToken);

    /// <summary>The service, in the context and marked as changed: two changes of what belongs to it follow one another.</summary>
    /// <param name="affected">It is added to these.</param>
    public static async Task<ServiceRow> EditServiceAsync(
        this PorticoDb db, Caller caller, string id, ICollection<ServiceRow> affected, TimeProvider time, CancellationToken cancellationToken)
    {
        var service = await db.Services.GetServiceAsync(caller, id, cancellationToken);
        service.Touch(time.GetUtcNow());
        affected.Add(service);
        return service;
    }
}
