using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>Validates the fields that all data stores share. The rules are those of Blueprints.</summary>
internal static class DataStoreInput
{
    public const string DefaultRegion = "oregon";
    private const int UniqueViolation = 2067;
    private static readonly string[] Regions = ["frankfurt", "oregon", "ohio", "singapore", "virginia"];

    public static string Name(string? name) => ValueRules.ResourceName(name ?? "") is { } problem ? throw Refusal.Invalid($"name: {problem}") : name!;

    /// <param name="plan">The plan in the spelling of Render's API, with <c>_</c>.</param>
    public static string Plan(string? plan, IReadOnlyList<string> plans) => Plans.Canonical(plan ?? "", plans)
        ?? throw Refusal.Invalid($"plan: unknown plan '{plan}'; use one of {string.Join(", ", plans.Select(PlanToWire))}.");

    public static string PlanToWire(string plan) => plan.Replace(' ', '_').Replace('-', '_');

    /// <returns>Null if none is given.</returns>
    public static string? Region(string? region) => string.IsNullOrEmpty(region) || Regions.Contains(region)
        ? (string.IsNullOrEmpty(region) ? null : region)
        : throw Refusal.Invalid($"region: unknown region '{region}'; use one of {string.Join(", ", Regions)}.");

    /// <summary>Rejects what the engine cannot run, with the same messages as for Blueprints.</summary>
    public static void RequireEngine(IEngine engine, string field, ResourceLists resources)
    {
        var file = new BlueprintFile { Resources = resources };
        var problem = EngineCheck.Check(file, PlatformSupport.Of(engine.Capabilities, localRepositories: false)).FirstOrDefault(item => item.Severity == Severity.Error);
        if (problem is not null)
            throw Refusal.Invalid($"{field}: {problem.Message}{(problem.Suggestion is { } suggestion ? $"; {suggestion}" : "")}.");
    }

    /// <summary>Saves a renamed data store.</summary>
    /// <exception cref="RefusedException">409: another data store has this name.</exception>
    public static async Task SaveAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is SqliteException { SqliteExtendedErrorCode: UniqueViolation })
        {
            throw Refusal.Conflict($"name: a {DataStoreLookup.Describe(row.Kind)} named '{row.Name}' already exists.");
        }
    }
}
