using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Reads and checks a Blueprint, and plans what applying it would change.</summary>
internal sealed class BlueprintReader(PlatformCheck platform, BlueprintDomains domains, WorkspaceQuotas quotas)
{
    /// <param name="localRepositories">As in <see cref="PlatformSupport.Of"/>.</param>
    /// <param name="unattended">Whether there is no user to ask, as after a push: what cannot run here is skipped then, with a warning.</param>
    public async Task<ReadBlueprint> ReadAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, bool localRepositories, bool unattended, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in request.Values)
            if (Names.ProblemOfEnvValue(value) is { } problem)
                throw Refusal.Invalid($"values.{name}: {problem}.");
        var existing = await ExistingBlueprint.ReadAsync(db, workspace, cancellationToken);
        var known = KnownResources.In(existing);
        var parsed = BlueprintParser.Parse(request.Blueprint, known, request.Directory);
        List<Diagnostic> found = [.. parsed.Diagnostics, .. Check(parsed, localRepositories, request.Origin)];
        if (parsed.File is not { } file || found.Any(item => IsError(file, item)))
            return ReadBlueprint.Refused(found);
        quotas.Require(file, existing);
        var leftOut = await LeftOutAsync(db, workspace, request, LeftOut.CannotRun(file, found), unattended, cancellationToken);
        leftOut = [.. leftOut, .. Chosen(request.Skip, leftOut, file, found)];
        var plan = Planner.Plan(LeftOut.Without(file, leftOut, known, found), existing, leftOut);
        found.AddRange(plan.Diagnostics);
        found.AddRange(await domains.CheckAsync(db, workspace, plan, cancellationToken));
        return new ReadBlueprint(plan, Shown(found, leftOut, file), RequiredValues.Missing(plan, request.Values));
    }

    /// <summary>Whether it refuses the whole file. What cannot run here does not: it can be skipped.</summary>
    private static bool IsError(BlueprintFile file, Diagnostic item) => item.Severity == Severity.Error && LeftOut.CannotRun(file, [item]).Count == 0;

    private IReadOnlyList<Diagnostic> Check(ParseResult parsed, bool localRepositories, string? origin) =>
        parsed.File is null ? [] : platform.Check(parsed.File, localRepositories, origin);

    /// <summary>Decides which of the resources that cannot run here are skipped: those named now, and those that the last sync of this file skipped.</summary>
    private static async Task<IReadOnlyList<LeftOutResource>> LeftOutAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, IReadOnlyList<LeftOutResource> cannotRun, bool unattended, CancellationToken cancellationToken)
    {
        if (cannotRun.Count == 0)
            return [];
        var before = await BlueprintRecorder.FindAsync(db, workspace, request.Origin, request.FileName, cancellationToken);
        var agreed = (before?.Skipped ?? []).Select(item => item.Name).Concat(request.Skip).ToHashSet(StringComparer.Ordinal);
        return [.. cannotRun.Select(item => item with { Skipped = unattended || agreed.Contains(item.Name) })];
    }

    /// <summary>The resources that could run and that the user skips anyway. A name that the file does not have is an error.</summary>
    private static List<LeftOutResource> Chosen(
        IReadOnlyList<string> names, IReadOnlyList<LeftOutResource> leftOut, BlueprintFile file, List<Diagnostic> found)
    {
        var resources = LeftOut.Names(file).ToList();
        foreach (var name in names.Where(name => resources.All(item => item.Name != name)))
            found.Add(new Diagnostic(
                Severity.Error, Codes.InvalidValue, $"cannot skip '{name}': the file has no service or data store with this name", "", 0, 0,
                $"it has {string.Join(", ", resources.Select(item => item.Name))}"));
        return [.. resources.Where(item => names.Contains(item.Name) && leftOut.All(other => (other.Kind, other.Name) != item))
            .Select(item => new LeftOutResource(item.Kind, item.Name, "left out with --skip", Skipped: true))];
    }

    /// <summary>What is skipped is no longer an error: the user knows it, or reads it now.</summary>
    private static IReadOnlyList<Diagnostic> Shown(List<Diagnostic> found, IReadOnlyList<LeftOutResource> leftOut, BlueprintFile file)
    {
        var open = leftOut.Where(item => !item.Skipped).Select(item => (item.Kind, item.Name)).ToHashSet();
        return [.. found.Select(item => LeftOut.CannotRun(file, [item]) is [var resource] && !open.Contains((resource.Kind, resource.Name))
            ? item with { Severity = Severity.Warning, Code = Codes.Skipped, Message = $"skipped: {item.Message}" }
            : item)];
    }
}

/// <param name="Plan">Null when the file has errors.</param>
/// <param name="Missing">The values that a user must provide.</param>
internal sealed record ReadBlueprint(BlueprintPlan? Plan, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<RequiredValue> Missing)
{
    /// <summary>Whether it cannot be applied as it is.</summary>
    public bool IsRefused => Plan is null || Missing.Count > 0 || Diagnostics.Any(item => item.Severity == Severity.Error);

    public static ReadBlueprint Refused(IReadOnlyList<Diagnostic> diagnostics) => new(null, diagnostics, []);
}
