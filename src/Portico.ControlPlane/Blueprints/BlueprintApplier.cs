using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Hosting;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Plans and applies a Blueprint: all changes in one transaction, or none.</summary>
internal sealed class BlueprintApplier(
    IDbContextFactory<PorticoDb> databases, BlueprintReader reader, PlanWriter writer, BlueprintSources offers, DefaultBranches branches, DeployDecisions decisions,
    BlueprintRecorder recorder, Wakeups wakeups)
{
    /// <summary>Serializes the syncs of a workspace: two at once would each plan against state that the other changes.</summary>
    private readonly KeyedLock _turns = new();

    /// <param name="caller">The user who applies the Blueprint, or with whose rights it is applied.</param>
    /// <exception cref="RefusedException">403: the plan changes a resource in an environment that is protected from the caller; 409: the
    /// workspace cannot have that many resources.</exception>
    public async Task<BlueprintResult> ApplyAsync(string workspace, ApplyBlueprint request, Caller caller, CancellationToken cancellationToken) =>
        (await ApplyAsync(workspace, request, null, caller, cancellationToken)).Result;

    /// <param name="origin">The commit that the file was read from; null if a user applied the file manually.</param>
    public async Task<AppliedBlueprint> ApplyAsync(
        string workspace, ApplyBlueprint request, BlueprintOrigin? origin, Caller caller, CancellationToken cancellationToken)
    {
        using var turn = request.DryRun ? null : await _turns.TakeAsync(workspace, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var read = await reader.ReadAsync(db, workspace, request, caller.IsOwner, origin is not null, cancellationToken);
        if (request.DryRun || read.IsRefused)
            return new AppliedBlueprint(Result(read), []);
        return await ApplyAsync(db, workspace, request, read, origin, caller, cancellationToken);
    }

    private async Task<AppliedBlueprint> ApplyAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, ReadBlueprint read, BlueprintOrigin? origin, Caller caller, CancellationToken cancellationToken)
    {
        var plan = await branches.WriteDownAsync(read.Plan!, workspace, caller, cancellationToken);
        var sources = await offers.ForAsync(db, workspace, plan, request, origin, caller, cancellationToken);
        var retried = await writer.PrepareRetriesAsync(db, workspace, plan, caller, cancellationToken);
        // From here on, all other writers wait: nothing below may ask git, the engine or another machine.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await writer.WriteAsync(db, workspace, plan, request.Values, retried, caller, cancellationToken);
        await ProtectedPlaces.RequireUntouchedAsync(db, caller, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var ids = await db.Services.Where(row => row.WorkspaceId == workspace).ToDictionaryAsync(row => row.Name, row => row.Id, cancellationToken);
        var offered = sources.ToDictionary(item => ids[item.Key], item => item.Value);
        var cause = origin is null ? DeployCause.ByHand : new DeployCause(IsPush: true, By: origin.By, Checks: origin.Checks);
        var decided = await decisions.DecideAsync(db, workspace, offered, cause, cancellationToken);
        await ProtectedPlaces.RequireUntouchedAsync(db, caller, cancellationToken);
        var sync = await recorder.RecordAsync(db, workspace, request, plan, origin, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        wakeups.Signal();
        return new AppliedBlueprint(Result(read) with
        {
            Applied = true,
            SyncId = sync.Id,
            Deploys = [.. decided.Where(item => item.Deploy is not null).Select(item => new PlannedDeploy(item.Service, item.Reason))],
        }, decided);
    }

    private static BlueprintResult Result(ReadBlueprint read) => new()
    {
        Applied = false,
        Diagnostics = [.. read.Diagnostics.Select(item => new BlueprintDiagnostic(
            item.Severity == Severity.Error ? "error" : "warning",
            item.Code, item.Message, item.Path, item.Line, item.Column, item.Suggestion))],
        RequiredValues = read.Missing,
        Changes = [.. (read.Plan?.All ?? []).Select(item => new PlannedChange(NameOf(item.Kind), item.Name, NameOf(item.Action)))],
        LeftOut = [.. (read.Plan?.LeftOut ?? []).Select(item => new LeftOutOfPlan(NameOf(item.Kind), item.Name, item.Reason, item.Skipped))],
        PlanText = read.Plan is null ? "" : PlanText.Render(read.Plan),
    };

    private static string NameOf(PlannedKind kind) => kind switch
    {
        PlannedKind.EnvGroup => "env_group",
        PlannedKind.KeyValue => "key_value",
        PlannedKind.Database => "postgres",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string NameOf(PlanAction action) => action.ToString().ToLowerInvariant();
}
