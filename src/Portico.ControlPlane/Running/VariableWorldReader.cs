using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Networks;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Running;

/// <summary>Reads what variables can refer to from the state.</summary>
/// <remarks>Each variable is encrypted separately: decrypting those of a thousand services to resolve one takes half a second.</remarks>
internal sealed class VariableWorldReader(PlatformSettings settings, PrivateNetwork network, DataStoreAddresses addresses)
{
    /// <summary>Reads a whole workspace. Names are valid only within their workspace.</summary>
    public Task<VariableWorld> ReadAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        return new Reading(db, workspace, this).AllAsync(cancellationToken);
    }

    /// <summary>Reads some services of a workspace and everything that their variables refer to, directly or indirectly.</summary>
    /// <param name="names">Names of the services. Names that do not exist are ignored.</param>
    public Task<VariableWorld> ReadAsync(PorticoDb db, string workspace, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        return new Reading(db, workspace, this).OfAsync(names, cancellationToken);
    }

    /// <summary>Returns the addresses of a service, without its variables.</summary>
    public ServiceIdentity IdentityOf(ServiceRow row)
    {
        return new ServiceIdentity
        {
            Id = row.Id,
            Name = row.Name,
            Type = row.Type,
            InternalHost = row.InternalPort is null ? null : network.Exists ? row.Slug : Loopback,
            InternalPort = row.InternalPort is null ? null : network.Exists ? PrivateNetwork.DefaultPort : row.InternalPort,
            DiscoveryHost = row.InternalPort is null ? null : network.Exists ? NetworkMember.DiscoveryOf(row.Slug) : Loopback,
            ChoosesPort = network.Exists,
            ExternalHost = row.Type.IsPublic() ? settings.HostOf(row.Slug) : null,
            ExternalUrl = row.Type.IsPublic() ? settings.UrlOf(row.Slug) : null,
            Variables = new Dictionary<string, EnvVarSource>(),
        };
    }

    /// <summary>Finds a service in data that was read after it.</summary>
    /// <exception cref="DbUpdateConcurrencyException">The service was renamed or deleted in the meantime.</exception>
    public static ServiceIdentity Find(VariableWorld world, ServiceRow row)
    {
        return world.Services.TryGetValue(row.Name, out var identity) && identity.Id == row.Id
            ? identity
            : throw new DbUpdateConcurrencyException($"The service '{row.Name}' was renamed or deleted in the meantime.");
    }

    /// <summary>Returns the services that variables refer to.</summary>
    public static IEnumerable<string> ServicesIn(IEnumerable<EnvVarSource> sources) => sources
        .OfType<EnvVarSource.FromService>().Where(reference => reference.Type != KeyValueType).Select(reference => reference.Name);

    private const string Loopback = "127.0.0.1", KeyValueType = "keyvalue";

    /// <summary>The data that has been read so far.</summary>
    private sealed class Reading(PorticoDb db, string workspace, VariableWorldReader reader)
    {
        private readonly Dictionary<string, ServiceIdentity> _services = [];
        private readonly Dictionary<string, IReadOnlyDictionary<string, EnvVarSource>> _groups = [];

        private IQueryable<ServiceRow> Services => db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace);

        private IQueryable<EnvGroupRow> Groups => db.EnvGroups.AsNoTracking().Where(row => row.WorkspaceId == workspace);

        public async Task<VariableWorld> AllAsync(CancellationToken cancellationToken)
        {
            await AddAsync(Services, Groups, cancellationToken);
            return await WorldAsync(cancellationToken);
        }

        public async Task<VariableWorld> OfAsync(IEnumerable<string> names, CancellationToken cancellationToken)
        {
            var asked = names.ToHashSet(StringComparer.Ordinal);
            // Each round follows references one step further, to services that no round has asked for: so it ends.
            for (var wanted = asked.ToArray(); wanted.Length > 0;)
            {
                var services = Services.Where(row => wanted.Contains(row.Name));
                var linked = db.EnvGroupLinks.Where(link => services.Any(row => row.Id == link.ServiceId)).Select(link => link.GroupName);
                await AddAsync(services, Groups.Where(row => linked.Contains(row.Name)), cancellationToken);
                wanted = [.. ServicesIn(Sources).Where(asked.Add)];
            }
            return await WorldAsync(cancellationToken);
        }

        private IEnumerable<EnvVarSource> Sources => _services.Values.SelectMany(service => service.Variables.Values)
            .Concat(_groups.Values.SelectMany(group => group.Values));

        private async Task AddAsync(IQueryable<ServiceRow> services, IQueryable<EnvGroupRow> groups, CancellationToken cancellationToken)
        {
            var owners = services.Select(row => row.Id).Concat(groups.Select(row => row.Id));
            var variables = (await db.EnvVars.AsNoTracking().Where(row => owners.Contains(row.OwnerId)).ToListAsync(cancellationToken))
                .ToLookup(row => row.OwnerId);
            var files = (await db.SecretFiles.AsNoTracking().Where(row => owners.Contains(row.OwnerId)).ToListAsync(cancellationToken))
                .ToLookup(row => row.OwnerId);
            var links = (await db.EnvGroupLinks.AsNoTracking().Where(row => owners.Contains(row.ServiceId)).ToListAsync(cancellationToken))
                .ToLookup(row => row.ServiceId);
            var groupRows = await groups.ToListAsync(cancellationToken);
            foreach (var group in groupRows)
                _groups[group.Name] = SourcesIn(variables[group.Id]);
            foreach (var row in await services.ToListAsync(cancellationToken))
                _services[row.Name] = reader.IdentityOf(row) with
                {
                    Variables = SourcesIn(variables[row.Id]),
                    Groups = GroupsOf(links[row.Id]),
                    SecretFiles = FilesOf(row.Id, GroupsOf(links[row.Id]), groupRows, files),
                };
        }

        private async Task<VariableWorld> WorldAsync(CancellationToken cancellationToken)
        {
            var stores = await db.DataStores.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToListAsync(cancellationToken);
            return new VariableWorld
            {
                Services = _services,
                Groups = _groups,
                Databases = reader.Identities(stores, DataStoreKind.Postgres),
                KeyValues = reader.Identities(stores, DataStoreKind.KeyValue),
            };
        }
    }

    private static string[] GroupsOf(IEnumerable<EnvGroupLinkRow> links) =>
        [.. links.OrderBy(link => link.Position).Select(link => link.GroupName)];

    /// <summary>Returns the secret files of a service. Later env groups override earlier ones, and the service's own files override all.</summary>
    private static Dictionary<string, string> FilesOf(
        string service, IEnumerable<string> names, List<EnvGroupRow> groups, ILookup<string, SecretFileRow> files)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        var owners = names.Select(name => groups.Find(group => group.Name == name)?.Id).OfType<string>().Append(service);
        foreach (var file in owners.SelectMany(owner => files[owner]))
            merged[file.Name] = file.Content;
        return merged;
    }

    private static Dictionary<string, EnvVarSource> SourcesIn(IEnumerable<EnvVarRow> rows) =>
        rows.ToDictionary(row => row.Key, row => row.Source, StringComparer.Ordinal);

    private Dictionary<string, DataStoreIdentity> Identities(List<DataStoreRow> rows, DataStoreKind kind) =>
        rows.Where(row => row.Kind == kind)
            .ToDictionary(row => row.Name, row => new DataStoreIdentity(row.Id, row.Name, addresses.PropertiesOf(row)));
}
