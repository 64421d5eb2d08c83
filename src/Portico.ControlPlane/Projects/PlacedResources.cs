using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Projects;

/// <summary>Finds resources that can be moved between environments, by id.</summary>
internal static class PlacedResources
{
    /// <exception cref="RefusedException">404 or 403; 400 if resources of this type cannot be in an environment.</exception>
    public static async Task<IPlaced> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) => id?.Split('-')[0] switch
    {
        "srv" or "crn" => await db.Services.GetAsync(caller, row => row.Id == id, "service", id, cancellationToken),
        "dpg" => await db.DataStores.GetAsync(caller, row => row.Id == id, "Postgres database", id, cancellationToken),
        "red" => await db.DataStores.GetAsync(caller, row => row.Id == id, "Key Value store", id, cancellationToken),
        "evg" => await db.EnvGroups.GetAsync(caller, row => row.Id == id, "env group", id, cancellationToken),
        _ => throw Refusal.Invalid($"resourceIds: '{id}' is not the id of a service, data store or env group."),
    };

    public static void Move(IPlaced resource, string? environment)
    {
        resource.EnvironmentId = environment;
        if (resource is ServiceRow service)
            service.Version++;
        if (resource is DataStoreRow store)
            store.Version++;
    }
}
