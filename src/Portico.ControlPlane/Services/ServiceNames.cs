using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Names of services and env groups. Other resources refer to them by name, so a rename changes all references.</summary>
internal static class ServiceNames
{
    private const string KeyValue = "keyvalue";

    /// <exception cref="RefusedException">409: another service of the workspace has this name.</exception>
    public static async Task RequireFreeServiceNameAsync(this PorticoDb db, string workspace, string name, CancellationToken cancellationToken)
    {
        if (await db.Services.AnyAsync(row => row.WorkspaceId == workspace && row.Name == name, cancellationToken))
            throw Refusal.Conflict($"name: a service named '{name}' already exists. Choose another name.");
    }

    /// <exception cref="RefusedException">409: another env group of the workspace has this name.</exception>
    public static async Task RequireFreeGroupNameAsync(this PorticoDb db, string workspace, string name, CancellationToken cancellationToken)
    {
        if (await db.EnvGroups.AnyAsync(row => row.WorkspaceId == workspace && row.Name == name, cancellationToken))
            throw Refusal.Conflict($"name: an env group named '{name}' already exists. Choose another name.");
    }

    public static async Task RenameAsync(this PorticoDb db, ServiceRow service, string name, CancellationToken cancellationToken)
    {
        await db.RequireFreeServiceNameAsync(service.WorkspaceId, name, cancellationToken);
        foreach (var (row, reference) in await db.ReferencesToAsync(service, cancellationToken))
            row.Source = reference with { Name = name };
        service.Name = name;
    }

    public static async Task RenameAsync(this PorticoDb db, EnvGroupRow group, string name, CancellationToken cancellationToken)
    {
        await db.RequireFreeGroupNameAsync(group.WorkspaceId, name, cancellationToken);
        foreach (var link in await db.LinksTo(group).ToListAsync(cancellationToken))
        {
            db.EnvGroupLinks.Remove(link);
            db.EnvGroupLinks.Add(new EnvGroupLinkRow { ServiceId = link.ServiceId, GroupName = name, Position = link.Position });
        }
        group.Name = name;
    }

    /// <summary>Returns the links of services to a group.</summary>
    public static IQueryable<EnvGroupLinkRow> LinksTo(this PorticoDb db, EnvGroupRow group)
    {
        return db.EnvGroupLinks.Where(link => link.GroupName == group.Name
            && db.Services.Any(service => service.Id == link.ServiceId && service.WorkspaceId == group.WorkspaceId));
    }

    /// <summary>Returns the variables of other resources that refer to a service. They are tracked by the context.</summary>
    public static async Task<IReadOnlyList<(EnvVarRow Row, EnvVarSource.FromService Reference)>> ReferencesToAsync(
        this PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var owners = db.Services.Where(row => row.WorkspaceId == service.WorkspaceId && row.Id != service.Id).Select(row => row.Id)
            .Concat(db.EnvGroups.Where(row => row.WorkspaceId == service.WorkspaceId).Select(row => row.Id));
        var rows = await db.EnvVars.Where(row => owners.Contains(row.OwnerId)).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (Row: row, Reference: row.Source as EnvVarSource.FromService))
            .Where(item => item.Reference is { Type: not KeyValue } reference && reference.Name == service.Name)
            .Select(item => (item.Row, item.Reference!))];
    }
}
