using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Projects;

/// <summary>A Blueprint is no way around the protection of an environment, whatever of a resource it would change.</summary>
internal static class ProtectedPlaces
{
    /// <summary>To be asked before changes are saved, about what has changed in the context.</summary>
    /// <param name="caller">Null for the platform itself.</param>
    /// <exception cref="RefusedException">403: something that is in a protected environment, or would get there.</exception>
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

    /// <summary>The environments themselves, and all that is in them.</summary>
    private static async Task<Dictionary<string, string>> NamesAsync(PorticoDb db, IReadOnlySet<string> environments, CancellationToken cancellationToken)
    {
        var services = db.Services.Where(row => environments.Contains(row.EnvironmentId!)).Select(row => new { row.Id, row.Name });
        var stores = db.DataStores.Where(row => environments.Contains(row.EnvironmentId!)).Select(row => new { row.Id, row.Name });
        var groups = db.EnvGroups.Where(row => environments.Contains(row.EnvironmentId!)).Select(row => new { row.Id, row.Name });
        return await db.Environments.Where(row => environments.Contains(row.Id)).Select(row => new { row.Id, row.Name })
            .Concat(services).Concat(stores).Concat(groups).ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken);
    }

    /// <summary>What a row belongs to. A deploy that only follows from a change elsewhere is none of the caller's.</summary>
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
