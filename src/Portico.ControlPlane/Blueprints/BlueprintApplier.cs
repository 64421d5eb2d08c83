using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Plans and applies a Blueprint: all changes in one transaction, or none.</summary>
internal sealed class BlueprintApplier(
    IDbContextFactory<PorticoDb> databases, PlanWriter writer, BlueprintSources offers, DeployDecisions decisions,
    IEngine engine, BlueprintRecorder recorder, WorkspaceQuotas quotas, Wakeups wakeups) : IDisposable
{
    /// <summary>Serializes syncs: two at once would each plan against state that the other changes.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <param name="caller">The user who applies the Blueprint, or with whose rights it is applied.</param>
    /// <exception cref="RefusedException">403: the plan changes a resource in an environment that is protected from the caller; 409: the
    /// workspace cannot have that many resources.</exception>
    public async Task<BlueprintResult> ApplyAsync(string workspace, ApplyBlueprint request, Caller caller, CancellationToken cancellationToken) =>
        (await ApplyAsync(workspace, request, null, caller, cancellationToken)).Result;

    /// <param name="origin">The commit that the file was read from; null if a user applied the file manually.</param>
    public async Task<AppliedBlueprint> ApplyAsync(
        string workspace, ApplyBlueprint request, BlueprintOrigin? origin, Caller caller, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var prepared = await PrepareAsync(db, workspace, request, caller.IsOwner, cancellationToken);
            if (request.DryRun || prepared.Plan is null || prepared.Refused)
                return new AppliedBlueprint(prepared.Result, []);
            return await ApplyAsync(db, workspace, request, prepared, origin, caller, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<Prepared> PrepareAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, bool localRepositories, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in request.Values)
            if (Names.ProblemOfEnvValue(value) is { } problem)
                throw Refusal.Invalid($"values.{name}: {problem}.");
        var existing = await ExistingBlueprint.ReadAsync(db, workspace, cancellationToken);
        var parsed = BlueprintParser.Parse(request.Blueprint, KnownResources.In(existing));
        if (parsed.File is null || parsed.HasErrors)
            return new Prepared(null, Result([.. parsed.Diagnostics, .. Check(parsed, localRepositories)], null, []));
        quotas.Require(parsed.File, existing);
        var plan = Planner.Plan(parsed.File, existing);
        Diagnostic[] diagnostics = [.. parsed.Diagnostics, .. Check(parsed, localRepositories), .. plan.Diagnostics];
        return new Prepared(plan, Result(diagnostics, plan, RequiredValues.Missing(plan, request.Values)));
    }

    private IReadOnlyList<Diagnostic> Check(ParseResult parsed, bool localRepositories) =>
        parsed.File is null ? [] : EngineCheck.Check(parsed.File, PlatformSupport.Of(engine.Capabilities, localRepositories));

    private async Task<AppliedBlueprint> ApplyAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, Prepared prepared, BlueprintOrigin? origin, Caller caller, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await writer.WriteAsync(db, workspace, prepared.Plan!, request.Values, caller, cancellationToken);
        await ProtectedPlaces.RequireUntouchedAsync(db, caller, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var names = prepared.Plan!.Services.Select(service => service.Name).ToHashSet();
        var offered = await offers.ForAsync(db, workspace, names, request, origin, cancellationToken);
        var cause = origin is null ? DeployCause.ByHand : new DeployCause(IsPush: true, By: origin.By, Checks: origin.Checks);
        var decided = await decisions.DecideAsync(db, workspace, offered, cause, cancellationToken);
        await ProtectedPlaces.RequireUntouchedAsync(db, caller, cancellationToken);
        var sync = await recorder.RecordAsync(db, workspace, request, prepared.Plan, origin, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        wakeups.Signal();
        return new AppliedBlueprint(prepared.Result with
        {
            Applied = true,
            SyncId = sync.Id,
            Deploys = [.. decided.Where(item => item.Deploy is not null).Select(item => new PlannedDeploy(item.Service, item.Reason))],
        }, decided);
    }

    private static BlueprintResult Result(
        IReadOnlyList<Diagnostic> diagnostics, BlueprintPlan? plan, IReadOnlyList<RequiredValue> missing) => new()
        {
            Applied = false,
            Diagnostics = [.. diagnostics.Select(item => new BlueprintDiagnostic(
                item.Severity == Severity.Error ? "error" : "warning",
                item.Code, item.Message, item.Path, item.Line, item.Column, item.Suggestion))],
            RequiredValues = missing,
            Changes = plan is null ? [] : [.. plan.All.Select(item => new PlannedChange(
                NameOf(item.Kind), item.Name, NameOf(item.Action)))],
            PlanText = plan is null ? "" : PlanText.Render(plan),
        };

    private static string NameOf(PlannedKind kind) => kind switch
    {
        PlannedKind.EnvGroup => "env_group",
        PlannedKind.KeyValue => "key_value",
        PlannedKind.Database => "postgres",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string NameOf(PlanAction action) => action.ToString().ToLowerInvariant();

    private sealed record Prepared(BlueprintPlan? Plan, BlueprintResult Result)
    {
        public bool Refused => Result.RequiredValues.Count > 0 || Result.Diagnostics.Any(item => item.Severity == "error");
    }
}
