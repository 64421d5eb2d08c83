using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>
/// Compares a file with the existing resources. Each resource of the file first takes over what the file leaves unchanged
/// (<see cref="Merge"/>); then the result is compared field by field, so that the plan shows exactly what applying it does.
/// </summary>
public static class Planner
{
    /// <param name="existing">
    /// The existing resources, as an export would write them. Variables with secret values are given as
    /// <see cref="PromptedValue"/> or <see cref="GeneratedValue"/>, not as <see cref="LiteralValue"/>.
    /// </param>
    /// <param name="leftOut">The resources that were taken out of the file before; they are shown, and stay as they are.</param>
    public static BlueprintPlan Plan(BlueprintFile desired, BlueprintFile existing, IReadOnlyList<LeftOutResource>? leftOut = null)
    {
        ArgumentNullException.ThrowIfNull(desired);
        ArgumentNullException.ThrowIfNull(existing);
        var bag = new DiagnosticBag();
        var groups = new Comparison<EnvGroupSpec>(PlannedKind.EnvGroup, item => item.Name, Merge.Group, FieldList.Of, (_, _, _) => false);
        var databases = new Comparison<DatabaseSpec>(PlannedKind.Database, item => item.Name, Merge.Database, FieldList.Of, Unchangeable.Check);
        var keyValues = new Comparison<KeyValueSpec>(PlannedKind.KeyValue, item => item.Name, Merge.KeyValue, FieldList.Of, Unchangeable.Check);
        var services = new Comparison<ServiceSpec>(PlannedKind.Service, item => item.Name, Merge.Service, FieldList.Of, Unchangeable.Check);
        return new BlueprintPlan
        {
            Projects = ProjectPlanner.Projects(desired, existing),
            Environments = ProjectPlanner.Environments(desired, existing),
            EnvGroups = groups.Compare(desired.AllEnvGroups(), existing.AllEnvGroups(), bag),
            Databases = databases.Compare(desired.AllDatabases(), existing.AllDatabases(), bag),
            KeyValues = keyValues.Compare(desired.AllKeyValues(), existing.AllKeyValues(), bag),
            Services = services.Compare(desired.AllServices(), existing.AllServices(), bag),
            Kept = Except(leftOut,
            [
                .. groups.Kept(desired.AllEnvGroups(), existing.AllEnvGroups()),
                .. databases.Kept(desired.AllDatabases(), existing.AllDatabases()),
                .. keyValues.Kept(desired.AllKeyValues(), existing.AllKeyValues()),
                .. services.Kept(desired.AllServices(), existing.AllServices()),
            ]),
            LeftOut = (leftOut ?? []).ToValueList(),
            Diagnostics = bag.ToList(),
        };
    }

    /// <summary>What is left out of a sync is in the file all the same.</summary>
    private static ValueList<KeptResource> Except(IReadOnlyList<LeftOutResource>? leftOut, IEnumerable<KeptResource> kept) =>
        kept.Where(item => leftOut?.Any(resource => resource.Kind == item.Kind && resource.Name == item.Name) is not true).ToValueList();
}
