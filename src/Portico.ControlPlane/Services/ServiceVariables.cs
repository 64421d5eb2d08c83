using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Changes the variables of a service itself. A reference whose value does not change stays a reference: otherwise, a client
/// that sends back what it has read would cut every service off from changes of its databases.
/// </summary>
internal sealed class ServiceVariables(ServiceChanges changes, ResolvedValues values)
{
    public Task<ServiceRow> ReplaceAsync(
        PorticoDb db, Caller caller, string serviceId, IReadOnlyDictionary<string, EnvVarSource> wanted, CancellationToken cancellationToken) =>
        changes.EditAsync(db, caller, serviceId, async service =>
        {
            var kept = await KeepReferencesAsync(db, service, wanted, cancellationToken);
            await db.ReplaceVariablesAsync(service.Id, kept, cancellationToken);
        }, cancellationToken);

    public Task<ServiceRow> SetAsync(
        PorticoDb db, Caller caller, string serviceId, string key, EnvVarSource source, CancellationToken cancellationToken) =>
        changes.EditAsync(db, caller, serviceId, async service =>
        {
            var kept = await KeepReferencesAsync(db, service, new Dictionary<string, EnvVarSource> { [key] = source }, cancellationToken);
            await db.SetVariableAsync(service.Id, key, kept[key], cancellationToken);
        }, cancellationToken);

    private async Task<IReadOnlyDictionary<string, EnvVarSource>> KeepReferencesAsync(
        PorticoDb db, ServiceRow service, IReadOnlyDictionary<string, EnvVarSource> wanted, CancellationToken cancellationToken)
    {
        var rows = await db.VariablesOf(service.Id, cancellationToken);
        var references = rows.Where(row => row.Source.OwnValue is null).ToDictionary(row => row.Key, row => row.Source);
        if (!wanted.Keys.Any(references.ContainsKey))
            return wanted;
        var resolved = await values.OfAsync(db, service.WorkspaceId, rows, cancellationToken);
        return wanted.ToDictionary(
            item => item.Key,
            item => item.Value is EnvVarSource.Literal { Value: var value } && references.TryGetValue(item.Key, out var reference) && resolved[item.Key] == value
                ? reference
                : item.Value);
    }
}
