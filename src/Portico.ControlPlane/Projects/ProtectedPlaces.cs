using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Projects;

/// <summary>Prevents a Blueprint from bypassing the protection of an environment, whichever part of a resource it would change.</summary>
internal static class ProtectedPlaces
{
    /// <summary>Checks the changes in a context. Call it before saving.</summary>
    /// <param name="caller">The caller; null for the platform itself.</param>
    /// <exception cref="RefusedException">403: a changed resource is, or would be, in a protected environment.</exception>
    public static async Task RequireUntouchedAsync(PorticoDb db, Caller? caller, CancellationToken cancellationToken)
    {
        if (caller is not { Protected.Count: > 0 })
            return;
        var names = await NamesAsync(db, caller.Protected, cancellationToken);
        foreach (var entry in db.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            if (entry.Entity is IPlaced { EnvironmentId: { } place } && caller.Protected.Contains(place))
                throw Refused("A resource in the file");
            if (OwnerOf(entry.Entity) is { } owner && names.TryGetValue(owner, out var name))
                throw Refused($"'{name}'");
        }
    }

    private static RefusedException Refused(string what) =>
        Refusal.Forbidden($"{what} is in a protected environment, so only an admin of the workspace can change it.");

    /// <summary>Returns the names of the environments and of their resources, by id.</summary>
    private static async Task<Dictionary<string, string>> NamesAsync(PorticoDb db, IReadOnlySet<string> environments, CancellationToken cancellationToken)
    {
        var services = db.Services.Where(row => environments.Contains(row.EnvironmentId!)).Select(row => new { row.Id, row.Name });
        var stores = db.DataStores.Where(row => environments.Contains(row.EnvironmentId!)).Select(row => new { row.Id, row.Name });
        var groups = db.EnvGroups.Where(row => environments.Contains(row.EnvironmentId!)).Select(row => new { row.Id, row.Name });
        return await db.Environments.Where(row => environments.Contains(row.Id)).Select(row => new { row.Id, row.Name })
            .Concat(services).Concat(stores).Concat(groups).ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken);
    }

    /// <summary>Returns the id of the resource that a row belongs to. Deploys that only follow from a change elsewhere are ignored.</summary>
    private static string? OwnerOf(object row) => row switch
    {
        EnvironmentRow environment => environment.Id,
        ServiceRow service => service.Id,
        DataStoreRow store => store.Id,
        EnvGroupRow group => group.Id,
        EnvVarRow variable => variable.OwnerId,
        SecretFileRow file => file.OwnerId,
        EnvGroupLinkRow link => link.ServiceId,
        CustomDomainRow domain => domain.ServiceId,
        DeployRow { Trigger: DeployTrigger.BlueprintSync or DeployTrigger.NewCommit } deploy => deploy.ServiceId,
        _ => null,
    };
}
