using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>Compares the resources of one kind, by name.</summary>
/// <param name="merge">Maps (desired, existing) to the resulting resource.</param>
/// <param name="blocked">Returns true, and reports a diagnostic, when the existing resource cannot become the desired one.</param>
internal sealed class Comparison<T>(
    PlannedKind kind, Func<T, string> nameOf, Func<T, T, T> merge, Func<T, IEnumerable<Field>> fieldsOf,
    Func<T, T, DiagnosticBag, bool> blocked)
    where T : class
{
    public ValueList<ResourcePlan<T>> Compare(IEnumerable<Placed<T>> desired, IEnumerable<Placed<T>> existing, DiagnosticBag bag)
    {
        var byName = ByName(existing);
        return desired.DistinctBy(item => nameOf(item.Resource))
            .Select(item => PlanOne(item, byName.GetValueOrDefault(nameOf(item.Resource)), bag))
            .ToValueList();
    }

    public IEnumerable<KeptResource> Kept(IEnumerable<Placed<T>> desired, IEnumerable<Placed<T>> existing)
    {
        var names = desired.Select(item => nameOf(item.Resource)).ToHashSet();
        return existing.Select(item => nameOf(item.Resource)).Where(name => !names.Contains(name))
            .Select(name => new KeptResource(kind, name));
    }

    private Dictionary<string, Placed<T>> ByName(IEnumerable<Placed<T>> items) =>
        items.DistinctBy(item => nameOf(item.Resource)).ToDictionary(item => nameOf(item.Resource));

    private ResourcePlan<T> PlanOne(Placed<T> desired, Placed<T>? existing, DiagnosticBag bag)
    {
        if (existing is null)
            return Result(desired, null, desired.Resource, PlanAction.Create, Differences(desired, null, desired.Resource));
        if (blocked(desired.Resource, existing.Resource, bag))
            return Result(desired, existing, existing.Resource, PlanAction.Blocked, []);
        // A resource outside of all projects keeps its place, because the file does not set one.
        var placed = desired.Project is null ? desired with { Project = existing.Project, Environment = existing.Environment } : desired;
        var target = merge(desired.Resource, existing.Resource);
        var changes = Differences(placed, existing, target);
        return Result(placed, existing, target, changes.Count > 0 ? PlanAction.Update : PlanAction.Unchanged, changes);
    }

    private ResourcePlan<T> Result(Placed<T> place, Placed<T>? existing, T target, PlanAction action, ValueList<FieldChange> changes) => new()
    {
        Kind = kind,
        Name = nameOf(place.Resource),
        Action = action,
        Changes = changes,
        Target = target,
        Existing = existing?.Resource,
        Project = place.Project,
        Environment = place.Environment,
    };

    private ValueList<FieldChange> Differences(Placed<T> place, Placed<T>? existing, T target)
    {
        var placement = new Field("environment", PlaceOf(place), false);
        var before = existing is null ? [] : fieldsOf(existing.Resource).Prepend(new Field("environment", PlaceOf(existing), false));
        return FieldDiff.Of(before, fieldsOf(target).Prepend(placement));
    }

    private static string? PlaceOf(Placed<T> place) => place.Project is null ? null : $"{place.Project}/{place.Environment}";
}
