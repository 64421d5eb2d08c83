using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Render.Variables;

/// <summary>Env groups in the format of Render's API.</summary>
internal sealed class EnvGroupWire(ResolvedValues values)
{
    /// <summary>Converts env groups without their variables and files.</summary>
    public static async Task<IReadOnlyList<EnvGroupMeta>> ToMetaAsync(
        PorticoDb db, IReadOnlyList<EnvGroupRow> groups, CancellationToken cancellationToken)
    {
        var links = await LinksAsync(db, groups, cancellationToken);
        return [.. groups.Select(group => new EnvGroupMeta
        {
            Id = group.Id,
            Name = group.Name,
            OwnerId = group.WorkspaceId,
            CreatedAt = group.CreatedAt,
            UpdatedAt = group.UpdatedAt,
            EnvironmentId = group.EnvironmentId,
            ServiceLinks = [.. links[(group.WorkspaceId, group.Name)]],
        })];
    }

    public async Task<EnvGroup> ToWireAsync(PorticoDb db, EnvGroupRow group, CancellationToken cancellationToken)
    {
        var rows = await db.VariablesOf(group.Id, cancellationToken);
        var resolved = await values.OfAsync(db, group.WorkspaceId, rows, cancellationToken);
        var files = await db.SecretFilesOf(group.Id, cancellationToken);
        var links = await LinksAsync(db, [group], cancellationToken);
        return new EnvGroup
        {
            Id = group.Id,
            Name = group.Name,
            OwnerId = group.WorkspaceId,
            CreatedAt = group.CreatedAt,
            UpdatedAt = group.UpdatedAt,
            EnvironmentId = group.EnvironmentId,
            ServiceLinks = [.. links[(group.WorkspaceId, group.Name)]],
            EnvVars = [.. rows.Select(row => new EnvVar(row.Key, resolved[row.Key]))],
            SecretFiles = [.. files.Select(file => new SecretFile(file.Name, file.Content))],
        };
    }

    private static async Task<ILookup<(string Workspace, string Group), EnvGroupLink>> LinksAsync(
        PorticoDb db, IReadOnlyList<EnvGroupRow> groups, CancellationToken cancellationToken)
    {
        var names = groups.Select(group => group.Name).ToList();
        var links = await db.EnvGroupLinks.AsNoTracking().Where(link => names.Contains(link.GroupName))
            .Join(db.Services, link => link.ServiceId, service => service.Id, (link, service) => new { link.GroupName, Service = service })
            .Select(item => new { item.GroupName, item.Service.WorkspaceId, item.Service.Id, item.Service.Name, item.Service.Type })
            .OrderBy(item => item.Id).ToListAsync(cancellationToken);
        return links.ToLookup(item => (item.WorkspaceId, item.GroupName), item => new EnvGroupLink(item.Id, item.Name, ShortName(item.Type)));
    }

    private static string ShortName(ServiceType type) => type switch
    {
        ServiceType.StaticSite => "static",
        ServiceType.PrivateService => "pserv",
        ServiceType.BackgroundWorker => "worker",
        ServiceType.CronJob => "cron",
        _ => "web",
    };
}
