using Microsoft.EntityFrameworkCore;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Services;
using Places = System.Collections.Generic.IReadOnlyDictionary<(string Project, string Environment), string>;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Changes the state to a plan's targets. Adds to the context; the caller saves everything at once.</summary>
internal sealed class PlanWriter(
    IdSource ids, ServiceFactory services, DataStoreCreation creation, DataStoreChanges changes, CustomDomains domains, EnvironmentWriter environments,
    SettingsEvents events, TimeProvider time)
{
    /// <summary>Lets the engine forget the attempts of the plan's data stores that failed, so that applying the plan can retry them.</summary>
    /// <returns>The ids of these data stores.</returns>
    public async Task<IReadOnlySet<string>> PrepareRetriesAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, Caller caller, CancellationToken cancellationToken)
    {
        var named = plan.Databases.Select(item => (DataStoreKind.Postgres, item.Name))
            .Concat(plan.KeyValues.Select(item => (DataStoreKind.KeyValue, item.Name))).ToHashSet();
        var failed = await db.DataStores.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.Status == Core.DataStores.DataStoreStatus.Failed).ToListAsync(cancellationToken);
        var retried = failed.Where(row => named.Contains((row.Kind, row.Name)) && !(row.EnvironmentId is { } place && caller.Protected.Contains(place)))
            .Select(row => row.Id).ToHashSet();
        foreach (var id in retried)
            await changes.ForgetAttemptAsync(id, cancellationToken);
        return retried;
    }

    /// <param name="retried">What <see cref="PrepareRetriesAsync"/> returned.</param>
    public async Task WriteAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, IReadOnlyDictionary<string, string> given, IReadOnlySet<string> retried, Caller caller,
        CancellationToken cancellationToken)
    {
        var taken = await db.TakenAddressesAsync(cancellationToken);
        var places = await environments.WriteAsync(db, workspace, plan, cancellationToken);
        foreach (var group in plan.EnvGroups)
            await WriteAsync(db, workspace, group, given, places, cancellationToken);
        foreach (var database in plan.Databases)
            await WriteAsync(db, workspace, database, taken, retried, places, cancellationToken);
        foreach (var store in plan.KeyValues)
            await WriteAsync(db, workspace, store, taken, retried, places, cancellationToken);
        foreach (var service in plan.Services)
            await WriteAsync(db, workspace, service, given, taken, places, caller, cancellationToken);
    }

    private async Task WriteAsync(
        PorticoDb db, string workspace, ResourcePlan<EnvGroupSpec> plan, IReadOnlyDictionary<string, string> given,
        Places places, CancellationToken cancellationToken)
    {
        var row = await db.EnvGroups.SingleOrDefaultAsync(
            item => item.WorkspaceId == workspace && item.Name == plan.Name, cancellationToken);
        if (row is null)
            db.EnvGroups.Add(row = new EnvGroupRow
            {
                Id = ids.New<EnvGroupId>().Value,
                WorkspaceId = workspace,
                Name = plan.Name,
                CreatedAt = time.GetUtcNow(),
                UpdatedAt = time.GetUtcNow(),
            });
        else if (plan.Action == PlanAction.Update)
            row.Touch(time.GetUtcNow());
        row.EnvironmentId = plan.Project is null ? null : places[(plan.Project, plan.Environment!)];
        await WriteVariablesAsync(db, row.Id, plan.Name, plan.Target.EnvVars, given, cancellationToken);
    }

    private async Task WriteAsync(
        PorticoDb db, string workspace, ResourcePlan<ServiceSpec> plan, IReadOnlyDictionary<string, string> given,
        TakenAddresses taken, Places places, Caller caller, CancellationToken cancellationToken)
    {
        var row = await db.Services.SingleOrDefaultAsync(
            item => item.WorkspaceId == workspace && item.Name == plan.Name, cancellationToken);
        var type = ServiceMapping.TypeOf(plan.Target.Kind);
        if (row is null)
            db.Services.Add(row = await services.CreateAsync(
                db, workspace, plan.Name, type, ServiceMapping.ToSettings(plan.Target) with { Source = BlueprintSources.SettingsOf(plan, null, caller) },
                taken, cancellationToken));
        else if (plan.Action == PlanAction.Update)
        {
            var before = row.Settings;
            var settings = ServiceMapping.ToSettings(plan.Target);
            row.DiskId = settings.Disk is null ? null : row.DiskId ?? ids.New<DiskId>().Value;
            // A file has no word for what autoscaling was sent like: it stays, and counts only while it says the same.
            row.Settings = settings with
            {
                Source = BlueprintSources.SettingsOf(plan, before.Source, caller),
                Disk = DiskOf(row, settings.Disk, before.Disk),
                AutoscalingForm = before.AutoscalingForm,
            };
            row.Touch(time.GetUtcNow());
            events.Tell(db, row, before);
        }
        row.EnvironmentId = plan.Project is null ? null : places[(plan.Project, plan.Environment!)];
        await WriteVariablesAsync(db, row.Id, plan.Name, plan.Target.EnvVars, given, cancellationToken);
        await WriteLinksAsync(db, row.Id, plan.Target.EnvVars, cancellationToken);
        await domains.ReplaceAsync(db, row, plan.Target.Domains ?? [], cancellationToken);
    }

    private async Task WriteAsync(
        PorticoDb db, string workspace, ResourcePlan<DatabaseSpec> plan, TakenAddresses taken, IReadOnlySet<string> retried, Places places,
        CancellationToken cancellationToken)
    {
        var row = await FindAsync(db, workspace, DataStoreKind.Postgres, plan.Name, cancellationToken);
        if (row is null)
            changes.Add(db, row = creation.NewPostgres(
                workspace, plan.Name, DataStoreMapping.ToSettings(plan.Target), plan.Target.DatabaseName, plan.Target.User, taken), null);
        else
            Update(db, row, DataStoreMapping.ToSettings(plan.Target), plan.Action, retried);
        row.EnvironmentId = plan.Project is null ? null : places[(plan.Project, plan.Environment!)];
    }

    private async Task WriteAsync(
        PorticoDb db, string workspace, ResourcePlan<Portico.Blueprint.Model.KeyValueSpec> plan, TakenAddresses taken,
        IReadOnlySet<string> retried, Places places, CancellationToken cancellationToken)
    {
        var row = await FindAsync(db, workspace, DataStoreKind.KeyValue, plan.Name, cancellationToken);
        if (row is null)
            changes.Add(db, row = creation.NewKeyValue(workspace, plan.Name, DataStoreMapping.ToSettings(plan.Target), taken), null);
        else
            Update(db, row, DataStoreMapping.ToSettings(plan.Target), plan.Action, retried);
        row.EnvironmentId = plan.Project is null ? null : places[(plan.Project, plan.Environment!)];
    }

    /// <summary>
    /// Returns the disk settings with the engine's name of the disk, which a file does not contain. A renamed disk keeps its
    /// data; a service without a disk gets a new one.
    /// </summary>
    private DiskSettings? DiskOf(ServiceRow service, DiskSettings? disk, DiskSettings? before)
    {
        if (disk is null)
            return null;
        if (before is null)
            return disk with { Volume = RevisionFactory.NewVolume(service), CreatedAt = time.GetUtcNow() };
        var volume = disk.Name == before.Name ? before.Volume : RevisionFactory.DiskId(service.Id, before);
        return disk with { Volume = volume, CreatedAt = before.CreatedAt, UpdatedAt = before.UpdatedAt };
    }

    /// <summary>Updates a data store. Applying a Blueprint again also retries a data store that failed.</summary>
    private void Update(PorticoDb db, DataStoreRow row, DataStoreSettings settings, PlanAction action, IReadOnlySet<string> retried)
    {
        if (action == PlanAction.Update)
            // A file has no word for these two, so they stay.
            changes.Set(db, row, settings with { ParameterOverrides = row.Settings.ParameterOverrides, InternalAuthentication = row.Settings.InternalAuthentication }, null);
        if (retried.Contains(row.Id))
            changes.Retry(row);
    }

    private static async Task WriteVariablesAsync(
        PorticoDb db, string owner, string name, ValueList<EnvEntry>? entries, IReadOnlyDictionary<string, string> given,
        CancellationToken cancellationToken)
    {
        var rows = await db.EnvVars.Where(row => row.OwnerId == owner).ToDictionaryAsync(row => row.Key, cancellationToken);
        foreach (var variable in (entries ?? []).OfType<EnvVar>())
        {
            var existing = rows.GetValueOrDefault(variable.Key);
            var source = EnvMapping.ToSource(variable.Value, ValueFor(name, variable, existing?.Source, given));
            if (existing is null)
                db.EnvVars.Add(new EnvVarRow { OwnerId = owner, Key = variable.Key, Source = source });
            else if (existing.Source != source)
                existing.Source = source;
        }
    }

    /// <summary>
    /// Returns a variable's value. Generated and prompted values are set once and kept; a value that is given now replaces
    /// an earlier one.
    /// </summary>
    private static string ValueFor(
        string resource, EnvVar variable, EnvVarSource? existing, IReadOnlyDictionary<string, string> given) => variable.Value switch
        {
            PromptedValue prompted => RequiredValues.Given(resource, variable.Key, given) ?? existing?.OwnValue ?? prompted.Default ?? "",
            GeneratedValue => existing?.OwnValue ?? GeneratedSecret.New(),
            _ => "",
        };

    private static async Task WriteLinksAsync(
        PorticoDb db, string service, ValueList<EnvEntry>? entries, CancellationToken cancellationToken)
    {
        var rows = await db.EnvGroupLinks.Where(row => row.ServiceId == service)
            .ToDictionaryAsync(row => row.GroupName, cancellationToken);
        var position = 0;
        foreach (var link in (entries ?? []).OfType<EnvGroupLink>())
        {
            if (rows.TryGetValue(link.Group, out var row))
                row.Position = position;
            else
                db.EnvGroupLinks.Add(new EnvGroupLinkRow { ServiceId = service, GroupName = link.Group, Position = position });
            position++;
        }
    }

    private static Task<DataStoreRow?> FindAsync(
        PorticoDb db, string workspace, DataStoreKind kind, string name, CancellationToken cancellationToken) =>
        db.DataStores.SingleOrDefaultAsync(
            row => row.WorkspaceId == workspace && row.Kind == kind && row.Name == name, cancellationToken);
}
