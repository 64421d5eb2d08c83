using Microsoft.EntityFrameworkCore;
using Portico.Blueprint;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Blueprints;

/// <summary>
/// Writes a Blueprint of what exists that another platform can apply: without secrets, without this platform's addresses, and
/// without repositories that only this platform has.
/// </summary>
internal sealed class BlueprintExport(VariableWorldReader worlds, HostedRepositories hosted)
{
    private const string Preamble = """
        # Written by portico blueprint export. Values of secrets are not in this file: "sync: false" means that
        # portico up prompts for them on another platform. Here, applying it keeps them.

        """;

    public async Task<string> WriteAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var file = await ExistingBlueprint.ReadAsync(db, workspace, cancellationToken);
        var values = await ValuesAsync(db, workspace, cancellationToken);
        return Preamble + BlueprintWriter.Write(file with
        {
            Resources = Portable(file.Resources, values, workspace),
            Projects = file.Projects?.Select(project => project with
            {
                Environments = project.Environments.Select(place => place with { Resources = Portable(place.Resources, values, workspace) }).ToValueList(),
            }).ToValueList(),
        });
    }

    /// <summary>Returns a service as a Blueprint of this platform has it: without secrets, but with its repository.</summary>
    /// <param name="settings">The settings to write, which may differ from those that the service has.</param>
    public async Task<ServiceSpec> SpecOfAsync(PorticoDb db, ServiceRow service, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var links = await db.EnvGroupLinks.AsNoTracking().Where(row => row.ServiceId == service.Id).ToListAsync(cancellationToken);
        var variables = await db.EnvVars.AsNoTracking().Where(row => row.OwnerId == service.Id).ToListAsync(cancellationToken);
        var values = await ValuesAsync(db, service.WorkspaceId, cancellationToken);
        var spec = ServiceMapping.ToSpec(
            service.Name, service.Type, settings, links.Count + variables.Count == 0 ? null : values.OfService(EnvMapping.ToEntries(links, variables)));
        return spec.Repo is { } repo && repo == service.Settings.Source.Repo ? spec with { Repo = SecretKeys.WithoutCredentials(repo) } : spec;
    }

    private async Task<PortableValues> ValuesAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, workspace, cancellationToken);
        var stores = await db.DataStores.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToListAsync(cancellationToken);
        return new PortableValues(world, stores.SelectMany(PasswordsOf));
    }

    private static IEnumerable<string> PasswordsOf(DataStoreRow row) =>
        [row.Identity.Password, row.Identity.SuperuserPassword ?? "", .. (row.Users ?? []).Select(user => user.Password)];

    private ResourceLists Portable(ResourceLists lists, PortableValues values, string workspace) => lists with
    {
        Services = lists.Services?.Select(service => Portable(service, values, workspace)).ToValueList(),
        EnvGroups = lists.EnvGroups?.Select(group => group with { EnvVars = values.OfGroup(group.EnvVars) }).ToValueList(),
    };

    private ServiceSpec Portable(ServiceSpec service, PortableValues values, string workspace)
    {
        var isOwn = service.Repo is { } url && (hosted.Find(url, workspace) is not null || url.StartsWith("file:", StringComparison.OrdinalIgnoreCase));
        return service with
        {
            // A service without a repository is built from the one that the file is in.
            Repo = isOwn || service.Repo is null ? null : SecretKeys.WithoutCredentials(service.Repo),
            Branch = isOwn ? null : service.Branch,
            EnvVars = service.EnvVars is { } entries ? values.OfService(entries) : null,
        };
    }
}
