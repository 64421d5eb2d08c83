using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Changes services for Render's API.</summary>
internal sealed class ServiceWrites(
    ServiceCheck check, ServiceChanges changes, SettingsEvents events, PlatformSettings platform, Wakeups wakeups, TimeProvider time)
{
    public Task<ServiceRow> UpdateAsync(PorticoDb db, Caller caller, string id, ServicePatch patch, CancellationToken cancellationToken) =>
        changes.ApplyAsync(db, caller, async affected =>
        {
            var service = await db.EditServiceAsync(caller, id, affected, time, cancellationToken);
            var (name, settings) = Read(caller, service, patch);
            if (name != service.Name)
                await db.RenameAsync(service, name, cancellationToken);
            var before = service.Settings;
            service.Settings = settings;
            await MaintenancePageRule.RequireAsync(db, service, platform, cancellationToken);
            events.Tell(db, service, before);
            return service;
        }, cancellationToken);

    /// <summary>Returns the name and settings that a service gets by a change, without making it.</summary>
    /// <exception cref="RefusedException">A value is unknown, invalid or not supported.</exception>
    public (string Name, ServiceSettings Settings) Read(Caller caller, ServiceRow service, ServicePatch patch)
    {
        var settings = ServicePatches.Apply(patch, service.Settings, service.Type).SetBy(caller, service.Settings.Source, patch.Repo.IsSet);
        var name = patch.Name.IsSet ? patch.Name.Value ?? throw Refusal.Invalid("name: required, but missing.") : service.Name;
        check.Require(
            ServiceMapping.ToSpec(name, service.Type, settings, null), ServiceFields.Of(service.Type),
            before: ServiceMapping.ToSpec(service.Name, service.Type, service.Settings, null), localRepositories: caller.IsOwner);
        return (name, settings);
    }

    /// <summary>Changes the headers or routes of a static site. They take effect at once, without a deploy.</summary>
    /// <param name="change">Converts the service's settings to new ones.</param>
    /// <param name="fieldOf">Returns the request's name for a field of headers and routes.</param>
    public async Task<ServiceRow> UpdateSiteAsync(
        PorticoDb db, Caller caller, string id, Func<ServiceRow, ServiceSettings> change, Func<string, string> fieldOf,
        CancellationToken cancellationToken)
    {
        var changed = await db.TransactAsync(async () =>
        {
            var site = await db.EditServiceAsync(caller, id, [], time, cancellationToken);
            site.RequireSite();
            var settings = change(site);
            check.Require(
                ServiceMapping.ToSpec(site.Name, site.Type, settings, null), fieldOf,
                before: ServiceMapping.ToSpec(site.Name, site.Type, site.Settings, null));
            site.Settings = settings;
            return site;
        }, cancellationToken);
        wakeups.Signal();
        return changed;
    }
}
