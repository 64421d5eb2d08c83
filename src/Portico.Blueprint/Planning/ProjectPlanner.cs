using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

internal static class ProjectPlanner
{
    public static ValueList<ResourcePlan<ProjectSpec>> Projects(BlueprintFile desired, BlueprintFile existing)
    {
        var known = (existing.Projects ?? []).DistinctBy(item => item.Name).ToDictionary(item => item.Name);
        return (desired.Projects ?? []).Select(project => new ResourcePlan<ProjectSpec>
        {
            Kind = PlannedKind.Project,
            Name = project.Name,
            Action = known.ContainsKey(project.Name) ? PlanAction.Unchanged : PlanAction.Create,
            Changes = [],
            Target = project,
            Existing = known.GetValueOrDefault(project.Name),
        }).ToValueList();
    }

    public static ValueList<ResourcePlan<EnvironmentSpec>> Environments(BlueprintFile desired, BlueprintFile existing)
    {
        var known = All(existing).DistinctBy(item => item.Name).ToDictionary(item => item.Name);
        return All(desired).Select(item => PlanOne(item, known.GetValueOrDefault(item.Name).Spec)).ToValueList();
    }

    private static IEnumerable<(string Name, string Project, EnvironmentSpec Spec)> All(BlueprintFile file) =>
        from project in file.Projects ?? []
        from environment in project.Environments
        select ($"{project.Name}/{environment.Name}", project.Name, environment);

    private static ResourcePlan<EnvironmentSpec> PlanOne((string Name, string Project, EnvironmentSpec Spec) desired, EnvironmentSpec? existing)
    {
        var target = desired.Spec with
        {
            Isolated = desired.Spec.Isolated ?? existing?.Isolated,
            Protected = desired.Spec.Protected ?? existing?.Protected,
        };
        var changes = FieldDiff.Of(existing is null ? [] : Fields(existing), Fields(target));
        return new ResourcePlan<EnvironmentSpec>
        {
            Kind = PlannedKind.Environment,
            Name = desired.Name,
            Action = existing is null ? PlanAction.Create : changes.Count > 0 ? PlanAction.Update : PlanAction.Unchanged,
            Changes = changes,
            Target = target,
            Existing = existing,
            Project = desired.Project,
            Environment = desired.Spec.Name,
        };
    }

    /// <summary>Disabled is the default, so omitting the field and writing it out are equal.</summary>
    private static IEnumerable<Field> Fields(EnvironmentSpec environment) =>
    [
        new("networking.isolation", environment.Isolated is true ? "enabled" : null, false),
        new("permissions.protection", environment.Protected is true ? "enabled" : null, false),
    ];
}
