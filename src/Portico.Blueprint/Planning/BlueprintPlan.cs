using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

public enum PlanAction
{
    Create,
    Update,
    Unchanged,

    /// <summary>The change is impossible; a diagnostic says why.</summary>
    Blocked,
}

public enum PlannedKind
{
    Project,
    Environment,
    EnvGroup,
    Database,
    KeyValue,
    Service,
}

/// <summary>One changed field.</summary>
/// <param name="Path">The path of the field, for example <c>startCommand</c> or <c>envVars.LOG_LEVEL</c>.</param>
/// <param name="Old">The old value; null when the field is added.</param>
/// <param name="New">The new value; null when the field is removed.</param>
/// <param name="Secret">Whether both values must stay hidden.</param>
public sealed record FieldChange(string Path, string? Old, string? New, bool Secret);

/// <summary>What a sync does with one resource.</summary>
public abstract record ResourcePlan
{
    private protected ResourcePlan()
    {
    }

    public required PlannedKind Kind { get; init; }

    /// <summary>The name; of an environment, <c>project/environment</c>.</summary>
    public required string Name { get; init; }

    public required PlanAction Action { get; init; }

    /// <summary>The changed fields; for a new resource, all fields that it will have.</summary>
    public required ValueList<FieldChange> Changes { get; init; }
}

/// <typeparam name="T">The record of this kind of resource.</typeparam>
public sealed record ResourcePlan<T> : ResourcePlan
    where T : class
{
    /// <summary>The resource to apply: what the file says, completed by what it leaves unchanged.</summary>
    public required T Target { get; init; }

    public required T? Existing { get; init; }

    /// <summary>The project; null outside of projects, together with <see cref="Environment"/>.</summary>
    public string? Project { get; init; }

    public string? Environment { get; init; }
}

/// <summary>A resource that exists, is not in the file, and stays unchanged.</summary>
public sealed record KeptResource(PlannedKind Kind, string Name);

/// <summary>The difference between a file and the existing resources.</summary>
public sealed record BlueprintPlan
{
    public required ValueList<ResourcePlan<ProjectSpec>> Projects { get; init; }

    public required ValueList<ResourcePlan<EnvironmentSpec>> Environments { get; init; }

    public required ValueList<ResourcePlan<EnvGroupSpec>> EnvGroups { get; init; }

    public required ValueList<ResourcePlan<DatabaseSpec>> Databases { get; init; }

    public required ValueList<ResourcePlan<KeyValueSpec>> KeyValues { get; init; }

    public required ValueList<ResourcePlan<ServiceSpec>> Services { get; init; }

    public required ValueList<KeptResource> Kept { get; init; }

    /// <summary>The resources of the file that are not part of the plan, because they cannot run here or the user skips them.</summary>
    public ValueList<LeftOutResource> LeftOut { get; init; } = [];

    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>All changes, in the order in which they can be applied.</summary>
    public IEnumerable<ResourcePlan> All =>
        [.. Projects, .. Environments, .. EnvGroups, .. Databases, .. KeyValues, .. Services];

    public int Count(PlanAction action) => All.Count(item => item.Action == action);

    public int TotalActions => Count(PlanAction.Create) + Count(PlanAction.Update);

    public bool HasErrors => Diagnostics.Any(item => item.Severity == Severity.Error);
}
