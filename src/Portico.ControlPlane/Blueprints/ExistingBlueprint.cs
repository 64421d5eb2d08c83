using Microsoft.EntityFrameworkCore;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Converts existing resources to a Blueprint, to compare them with a file or to export them.</summary>
internal static class ExistingBlueprint
{
    public static async Task<BlueprintFile> ReadAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var resources = await ReadResourcesAsync(db, workspace, cancellationToken);
        var projects = (await db.Projects.AsNoTracking().Where(row => row.WorkspaceId == workspace)
                .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken))
            .Select(project => new ProjectSpec
            {
                Name = project.Name,
                Environments = resources.Environments.Where(row => row.ProjectId == project.Id).Select(environment => new EnvironmentSpec
                {
                    Name = environment.Name,
                    Protected = environment.IsProtected ? true : null,
                    Isolated = environment.IsIsolated ? true : null,
                    Resources = resources.In(environment.Id),
                }).ToValueList(),
            }).ToValueList();
        return new BlueprintFile
        {
            Resources = resources.In(null),
            Projects = projects.Count > 0 ? projects : null,
        };
    }

    private static async Task<Everything> ReadResourcesAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var groups = await db.EnvGroups.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var stores = await db.DataStores.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var variables = (await db.EnvVars.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.OwnerId);
        var links = (await db.EnvGroupLinks.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.ServiceId);
        var environments = await db.Environments.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var domains = (await db.CustomDomains.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.RedirectForName == null)
            .OrderBy(row => row.Id).ToListAsync(cancellationToken)).ToLookup(row => row.ServiceId, row => row.Name);
        return new Everything(environments, services, groups, stores, variables, links, domains);
    }

    private sealed record Everything(
        List<EnvironmentRow> Environments, List<ServiceRow> Services, List<EnvGroupRow> Groups, List<DataStoreRow> Stores,
        ILookup<string, EnvVarRow> Variables, ILookup<string, EnvGroupLinkRow> Links, ILookup<string, string> Domains)
    {
        public ResourceLists In(string? environment) => new()
        {
            EnvGroups = NullIfEmpty(Groups.Where(row => row.EnvironmentId == environment)
                .Select(row => new EnvGroupSpec { Name = row.Name, EnvVars = EnvMapping.ToEntries([], Variables[row.Id]) })),
            Databases = NullIfEmpty(StoresIn(DataStoreKind.Postgres, environment).Select(DataStoreMapping.ToDatabase)),
            KeyValues = NullIfEmpty(StoresIn(DataStoreKind.KeyValue, environment).Select(DataStoreMapping.ToKeyValue)),
            Services = NullIfEmpty(Services.Where(row => row.EnvironmentId == environment).Select(ToSpec)),
        };

        private IEnumerable<DataStoreRow> StoresIn(DataStoreKind kind, string? environment) =>
            Stores.Where(row => row.Kind == kind && row.EnvironmentId == environment);

        private ServiceSpec ToSpec(ServiceRow row)
        {
            var entries = EnvMapping.ToEntries(Links[row.Id], Variables[row.Id]);
            return ServiceMapping.ToSpec(row.Name, row.Type, row.Settings, entries.Count > 0 ? entries : null) with
            {
                Domains = Domains.Contains(row.Id) ? Domains[row.Id].ToValueList() : null,
            };
        }

        private static ValueList<T>? NullIfEmpty<T>(IEnumerable<T> items)
        {
            var list = items.ToValueList();
            return list.Count > 0 ? list : null;
        }
    }
}
