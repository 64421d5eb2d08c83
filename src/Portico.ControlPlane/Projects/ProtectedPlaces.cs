using Microsoft.EntityFrameworkCore;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Api;
using Portico.ControlPlane.Storage;

namespace Portico.ControlPlane.Projects;

/// <summary>A Blueprint is no way around the protection of an environment.</summary>
internal static class ProtectedPlaces
{
    /// <param name="protectedOnes">Ids of environments; null or empty for who may change everything.</param>
    /// <exception cref="RefusedException">403: the plan changes something in one of them.</exception>
    public static async Task RequireUntouchedAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, IReadOnlySet<string>? protectedOnes, CancellationToken cancellationToken)
    {
        if (protectedOnes is not { Count: > 0 })
            return;
        var places = await (from environment in db.Environments
                            join project in db.Projects on environment.ProjectId equals project.Id
                            where project.WorkspaceId == workspace && protectedOnes.Contains(environment.Id)
                            select new { Project = project.Name, Environment = environment.Name }).ToListAsync(cancellationToken);
        var names = places.Select(place => ((string?)place.Project, (string?)place.Environment)).ToHashSet();
        var untouchable = await UntouchableAsync(db, workspace, protectedOnes, cancellationToken);
        foreach (var (name, project, environment) in Changed(plan))
            if (names.Contains((project, environment)) || untouchable.Contains(name))
                throw Refusal.Forbidden($"'{name}' is in a protected environment: only an admin of the workspace may change what is in it.");
    }

    /// <summary>Also what the plan would move elsewhere.</summary>
    private static async Task<HashSet<string>> UntouchableAsync(
        PorticoDb db, string workspace, IReadOnlySet<string> environments, CancellationToken cancellationToken) =>
    [
        .. await db.Services.Where(row => row.WorkspaceId == workspace && row.EnvironmentId != null && environments.Contains(row.EnvironmentId))
            .Select(row => row.Name).ToListAsync(cancellationToken),
        .. await db.DataStores.Where(row => row.WorkspaceId == workspace && row.EnvironmentId != null && environments.Contains(row.EnvironmentId))
            .Select(row => row.Name).ToListAsync(cancellationToken),
        .. await db.EnvGroups.Where(row => row.WorkspaceId == workspace && row.EnvironmentId != null && environments.Contains(row.EnvironmentId))
            .Select(row => row.Name).ToListAsync(cancellationToken),
    ];

    private static IEnumerable<(string Name, string? Project, string? Environment)> Changed(BlueprintPlan plan) =>
        plan.Services.Where(IsChanged).Select(item => (item.Name, item.Project, item.Environment))
            .Concat(plan.EnvGroups.Where(IsChanged).Select(item => (item.Name, item.Project, item.Environment)))
            .Concat(plan.Databases.Where(IsChanged).Select(item => (item.Name, item.Project, item.Environment)))
            .Concat(plan.KeyValues.Where(IsChanged).Select(item => (item.Name, item.Project, item.Environment)))
            .Concat(plan.Environments.Where(IsChanged).Select(item => (item.Name, item.Project, item.Environment)));

    private static bool IsChanged(ResourcePlan plan) => plan.Action is PlanAction.Create or PlanAction.Update;
}
