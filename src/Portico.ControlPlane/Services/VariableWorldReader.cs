using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Storage;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Services;

/// <summary>Reads everything that variables can refer to out of the state.</summary>
public sealed class VariableWorldReader(PlatformSettings settings)
{
    /// <summary>Of one workspace: names mean nothing outside it.</summary>
    public async Task<VariableWorld> ReadAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToListAsync(cancellationToken);
        var variables = (await db.EnvVars.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.OwnerId);
        var links = (await db.EnvGroupLinks.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.ServiceId);
        var groups = await db.EnvGroups.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToListAsync(cancellationToken);
        var files = (await db.SecretFiles.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.OwnerId);
        var stores = await db.DataStores.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToListAsync(cancellationToken);
        return new VariableWorld
        {
            Services = services.ToDictionary(row => row.Name, row => IdentityOf(row) with
            {
                Variables = Sources(variables[row.Id]),
                Groups = GroupsOf(links[row.Id]),
                SecretFiles = FilesOf(row.Id, GroupsOf(links[row.Id]), groups, files),
            }),
            Groups = groups.ToDictionary(row => row.Name, row => (IReadOnlyDictionary<string, EnvVarSource>)Sources(variables[row.Id])),
            Databases = Identities(stores, DataStoreKind.Postgres),
            KeyValues = Identities(stores, DataStoreKind.KeyValue),
        };
    }

    /// <summary>A service's addresses, without its variables.</summary>
    public ServiceIdentity IdentityOf(ServiceRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Type = row.Type,
        InternalHost = row.InternalPort is null ? null : Loopback,
        InternalPort = row.InternalPort,
        ExternalHost = row.Type.IsPublic() ? settings.HostOf(row.Slug) : null,
        ExternalUrl = row.Type.IsPublic() ? settings.UrlOf(row.Slug) : null,
        Variables = new Dictionary<string, EnvVarSource>(),
    };

    private const string Loopback = "127.0.0.1";

    private static string[] GroupsOf(IEnumerable<EnvGroupLinkRow> links) =>
        [.. links.OrderBy(link => link.Position).Select(link => link.GroupName)];

    /// <summary>A later group wins, and the service's own over all.</summary>
    private static Dictionary<string, string> FilesOf(
        string service, IEnumerable<string> names, List<EnvGroupRow> groups, ILookup<string, SecretFileRow> files)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        var owners = names.Select(name => groups.Find(group => group.Name == name)?.Id).OfType<string>().Append(service);
        foreach (var file in owners.SelectMany(owner => files[owner]))
            merged[file.Name] = file.Content;
        return merged;
    }

    private static Dictionary<string, EnvVarSource> Sources(IEnumerable<EnvVarRow> rows) =>
        rows.ToDictionary(row => row.Key, row => row.Source, StringComparer.Ordinal);

    private static Dictionary<string, DataStoreIdentity> Identities(List<DataStoreRow> rows, DataStoreKind kind) =>
        rows.Where(row => row.Kind == kind)
            .ToDictionary(row => row.Name, row => new DataStoreIdentity(row.Id, row.Name, DataStoreAddress.PropertiesOf(row)));
}
