using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Reads and changes all variables of a service at once, and deploys the change only if the user wants that.</summary>
internal sealed class ServiceEnvironments(
    ResolvedValues values, VariableWorldReader worlds, NewDeploys deploys, Wakeups wakeups, TimeProvider time)
{
    private enum Apply { Save, Deploy, Rebuild }

    public async Task<ServiceEnvironment> ReadAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var rows = await db.VariablesOf(service.Id, cancellationToken);
        var resolved = await values.OfAsync(db, service.WorkspaceId, rows, cancellationToken);
        return new ServiceEnvironment(
            VersionOf(rows), await IsDeployedAsync(db, service, cancellationToken),
            [.. rows.Select(row => new OwnVariable(row.Key, resolved[row.Key], OriginOf(row.Source), ReferenceOf(row.Source)))],
            await FileNamesAsync(db, service.Id, cancellationToken),
            await GroupsAsync(db, service, cancellationToken));
    }

    /// <returns>The id of the deploy with the change; null if it was only saved.</returns>
    /// <exception cref="RefusedException">A key or value is invalid, or the variables have changed since the version that the change names.</exception>
    public async Task<string?> ChangeAsync(PorticoDb db, Caller caller, string id, ChangeEnvironment change, CancellationToken cancellationToken)
    {
        var (apply, set, remove) = (ApplyOf(change.Apply), EnvVarInputs.Read(change.Set, "set"), change.Remove ?? []);
        if (remove.FirstOrDefault(set.ContainsKey) is { } both)
            throw Refusal.Invalid($"remove: '{both}' is also in set. Omit one of them.");
        var by = await db.ActorAsync(caller, cancellationToken);
        var deploy = await db.TransactAsync(async () =>
        {
            var service = await db.Services.GetServiceAsync(caller, id, cancellationToken);
            Require(service, apply, change.Version, await db.VariablesOf(service.Id, cancellationToken));
            service.Touch(time.GetUtcNow());
            foreach (var (key, source) in set)
                await db.SetVariableAsync(service.Id, key, source, cancellationToken);
            foreach (var key in remove)
                await db.DeleteVariableAsync(service.Id, key, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return apply == Apply.Save ? null : await DeployAsync(db, service, apply, by, cancellationToken);
        }, cancellationToken);
        wakeups.Signal();
        return deploy?.Id;
    }

    private static void Require(ServiceRow service, Apply apply, string version, IReadOnlyList<EnvVarRow> present)
    {
        if (VersionOf(present) != version)
            throw Refusal.Conflict($"The variables of '{service.Name}' have changed since you read them. Read them again, and repeat your change.");
        if (apply != Apply.Save && service.Suspended)
            throw Refusal.Conflict($"'{service.Name}' is suspended, so it can't be deployed. Save the change only; the service is deployed when you resume it.");
    }

    private async Task<DeployRow> DeployAsync(PorticoDb db, ServiceRow service, Apply apply, Actor by, CancellationToken cancellationToken)
    {
        var order = new DeployRequest(DeployTrigger.ServiceUpdated, "environment changed") { RequestedBy = by };
        // Only a build brings variables into a static site. Without a build that is left, there must be one.
        var built = apply == Apply.Rebuild || service.Type == ServiceType.StaticSite
            ? null
            : await db.Deploys.Where(row => row.ServiceId == service.Id && row.ArtifactId != null)
                .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return built is null
            ? await deploys.AddAsync(db, service, order, cancellationToken)
            : await deploys.AddWithoutBuildAsync(db, service, order, built, cancellationToken);
    }

    private async Task<bool> IsDeployedAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var newest = await db.Deploys.AsNoTracking().Where(row => row.ServiceId == service.Id)
            .OrderByDescending(row => row.Id).Select(row => row.ConfigKey).FirstOrDefaultAsync(cancellationToken);
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        return newest is not null && newest == NewDeploys.ConfigurationKey(service, world);
    }

    private async Task<IReadOnlyList<LinkedEnvGroup>> GroupsAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var linked = new List<LinkedEnvGroup>();
        var groups = await db.EnvGroupLinks.AsNoTracking().Where(link => link.ServiceId == service.Id)
            .Join(db.EnvGroups.Where(row => row.WorkspaceId == service.WorkspaceId), link => link.GroupName, row => row.Name, (link, row) => new { link.Position, Group = row })
            .OrderBy(item => item.Position).Select(item => item.Group).ToListAsync(cancellationToken);
        foreach (var group in groups)
        {
            var rows = await db.VariablesOf(group.Id, cancellationToken);
            var resolved = await values.OfAsync(db, group.WorkspaceId, rows, cancellationToken);
            linked.Add(new LinkedEnvGroup(group.Id, group.Name, [.. rows.Select(row => new EnvVar(row.Key, resolved[row.Key]))], await FileNamesAsync(db, group.Id, cancellationToken)));
        }
        return linked;
    }

    private static Task<List<string>> FileNamesAsync(PorticoDb db, string owner, CancellationToken cancellationToken) =>
        db.SecretFiles.Where(row => row.OwnerId == owner).OrderBy(row => row.Name).Select(row => row.Name).ToListAsync(cancellationToken);

    private static string VersionOf(IEnumerable<EnvVarRow> rows)
    {
        // Neither keys nor values can contain the separator.
        var text = string.Join('\0', rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key}\0{row.Source}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private static Apply ApplyOf(string name) => name switch
    {
        "save" => Apply.Save,
        "deploy" => Apply.Deploy,
        "rebuild" => Apply.Rebuild,
        _ => throw RequestValues.Unknown("apply", name, "save, deploy or rebuild"),
    };

    private static string OriginOf(EnvVarSource source) => source switch
    {
        EnvVarSource.Generated => "generated",
        EnvVarSource.Prompted => "prompted",
        EnvVarSource.FromDatabase or EnvVarSource.FromService => "reference",
        _ => "value",
    };

    private static string? ReferenceOf(EnvVarSource source) => source switch
    {
        EnvVarSource.FromDatabase database => $"{database.Name}.{database.Property}",
        EnvVarSource.FromService service => $"{service.Name}.{service.Property ?? service.EnvVarKey}",
        _ => null,
    };
}
