namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>POST /portico/v1/blueprints/apply</c>.</summary>
/// <remarks>The generated reader passes null for absent fields; the setters restore the default.</remarks>
public sealed record ApplyBlueprint
{
    /// <summary>The text of the render.yaml.</summary>
    public required string Blueprint { get; init; }

    /// <summary>The path that the user gave, for messages.</summary>
    public string FileName { get; init => field = value ?? "render.yaml"; } = "render.yaml";

    /// <summary>The uploaded commit that services without a <c>repo</c> are built from. Null when only planning.</summary>
    public string? Commit { get; init; }

    /// <summary>The <c>origin</c> URL of the user's repository: services whose <c>repo</c> equals it are built from <see cref="Commit"/> too.</summary>
    public string? Origin { get; init; }

    /// <summary>The branch that is checked out in the user's repository; null outside of one.</summary>
    public string? Branch { get; init; }

    /// <summary>The absolute path of the file's directory on the platform's machine, to which <c>repo: ./path</c> is relative; null when the file is not there.</summary>
    public string? Directory { get; init; }

    /// <summary>Names of services and data stores to leave as they are. Those that cannot run here must be named, unless the last sync of the file skipped them.</summary>
    public IReadOnlyList<string> Skip { get; init => field = value ?? []; } = [];

    /// <summary>Values for <c>sync: false</c> variables: by <c>KEY</c>, or by <c>SERVICE.KEY</c> for one service only.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Whether to plan without changing anything.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Response to <see cref="ApplyBlueprint"/>: 200 when applied or planned, 422 when there are errors or missing values.</summary>
public sealed record BlueprintResult
{
    public required bool Applied { get; init; }

    /// <summary>The sync (<c>exe-…</c>); null unless applied.</summary>
    public string? SyncId { get; init; }

    public required IReadOnlyList<BlueprintDiagnostic> Diagnostics { get; init; }

    /// <summary>Variables with <c>sync: false</c> that have no value yet. Portico prompts for each once and keeps it.</summary>
    public IReadOnlyList<RequiredValue> RequiredValues { get; init; } = [];

    public IReadOnlyList<PlannedChange> Changes { get; init; } = [];

    /// <summary>The services and data stores of the file that the plan leaves as they are. It can be applied when the user skips them all.</summary>
    public IReadOnlyList<LeftOutOfPlan> LeftOut { get; init; } = [];

    /// <summary>The plan as text, without colour: lines begin with <c>+</c>, <c>~</c>, <c>!</c> or a space.</summary>
    public string PlanText { get; init; } = "";

    /// <summary>The services that get a deploy, and why.</summary>
    public IReadOnlyList<PlannedDeploy> Deploys { get; init; } = [];
}

/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Line">Counted from 1; 0 when the diagnostic is not about a line.</param>
public sealed record BlueprintDiagnostic(
    string Severity, string Code, string Message, string Path, int Line, int Column, string? Suggestion);

/// <param name="Resource">The service or env group that declares it.</param>
public sealed record RequiredValue(string Resource, string Key);

/// <param name="Action"><c>create update unchanged</c>.</param>
public sealed record PlannedChange(string Kind, string Name, string Action);

/// <param name="Reason">Why it cannot run here, or that the user skips it.</param>
/// <param name="Skipped">Whether the user has agreed to leave it out.</param>
public sealed record LeftOutOfPlan(string Kind, string Name, string Reason, bool Skipped);

/// <param name="Reason">For example <c>new service</c>, <c>source changed</c>, <c>configuration changed</c>.</param>
public sealed record PlannedDeploy(string Service, string Reason);
