using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

public enum PlanAction
{
    Create,
    Update,
    Unchanged,

    /// <summary>Asks for what cannot be done to what exists; a diagnostic says why.</summary>
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

/// <summary>One field that differs.</summary>
/// <param name="Path">For example <c>startCommand</c> or <c>envVars.LOG_LEVEL</c>.</param>
/// <param name="Old">Null when it is added.</param>
/// <param name="New">Null when it is removed.</param>
/// <param name="Secret">Show neither value to anyone.</param>
public sealed record FieldChange(string Path, string? Old, string? New, bool Secret);

/// <summary>What happens to one resource.</summary>
public abstract record ResourcePlan
{
    private protected ResourcePlan()
    {
    }

    public required PlannedKind Kind { get; init; }

    /// <summary>Of an environment: <c>project/environment</c>.</summary>
    public required string Name { get; init; }

    public required PlanAction Action { get; init; }

    /// <summary>For a new resource, every field that it will have.</summary>
    public required ValueList<FieldChange> Changes { get; init; }
}

/// <typeparam name="T">The record of this kind of resource.</typeparam>
public sealed record ResourcePlan<T> : ResourcePlan
    where T : class
{
    /// <summary>What the file says, completed by what it leaves alone: apply this.</summary>
    public required T Target { get; init; }

    public required T? Existing { get; init; }

    /// <summary>Null together with <see cref="Environment"/>: outside of projects.</summary>
    public string? Project { get; init; }

    public string? Environment { get; init; }
}

/// <summary>Exists, is not in the file, and stays as it is.</summary>
public sealed record KeptResource(PlannedKind Kind, string Name);

/// <summary>The difference between a file and what exists.</summary>
public sealed record BlueprintPlan
{
    public required ValueList<ResourcePlan<ProjectSpec>> Projects { get; init; }

    public required ValueList<ResourcePlan<EnvironmentSpec>> Environments { get; init; }

    public required ValueList<ResourcePlan<EnvGroupSpec>> EnvGroups { get; init; }

    public required ValueList<ResourcePlan<DatabaseSpec>> Databases { get; init; }

    public required ValueList<ResourcePlan<KeyValueSpec>> KeyValues { get; init; }

    public required ValueList<ResourcePlan<ServiceSpec>> Services { get; init; }

    public required ValueList<KeptResource> Kept { get; init; }

    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>In the order in which they can be applied.</summary>
    public IEnumerable<ResourcePlan> All =>
        [.. Projects, .. Environments, .. EnvGroups, .. Databases, .. KeyValues, .. Services];

    public int Count(PlanAction action) => All.Count(item => item.Action == action);

    public int TotalActions => Count(PlanAction.Create) + Count(PlanAction.Update);

    public bool HasErrors => Diagnostics.Any(item => item.Severity == Severity.Error);
}
