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
    /// <exception cref="RefusedException">403: a changed resource is, or would be, in a protected environment.</exception>
    public static async Task RequireUntouchedAsync(PorticoDb db, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Protected.Count == 0)
            return;
        var names = await NamesAsync(db, caller.Protected, cancellationToken);
        foreach (var entry in db.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            if (entry.Entity is IPlaced { EnvironmentId: { } place } && caller.Protected.Contains(place))
                throw Refused("A resource in the file");
            if (IsConsequence(entry.Entity))
                continue;
            foreach (var id in Ownership.ChangedWith(entry.Metadata, entry.Entity))
                if (names.TryGetValue(id, out var name))
                    throw Refused($"'{name}'");
        }
    }

    private static RefusedException Refused(string what) =>
        Refusal.Forbidden($"{what} is in a protected environment, so only an admin of the workspace can change it.");

    /// <summary>Returns the names of the environments and of their resources, by id.</summary>
    private static async Task<Dictionary<string, string>> NamesAsync(PorticoDb db, IReadOnlyCollection<string> environments, CancellationToken cancellationToken)
    {
        var names = await db.PlacedInAsync(environments, cancellationToken);
        foreach (var environment in await db.Environments.Where(row => environments.Contains(row.Id)).ToListAsync(cancellationToken))
            names.Add(environment.Id, environment.Name);
        return names;
    }

    /// <summary>A deploy that only follows from a change elsewhere, for example of a service that a variable refers to.</summary>
    private static bool IsConsequence(object row) => row is DeployRow { Trigger: not (DeployTrigger.BlueprintSync or DeployTrigger.NewCommit) };
}
