using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Services;

/// <summary>Adds the events that Render has for changes of a service's settings. The caller saves.</summary>
internal sealed class SettingsEvents(EventLog events)
{
    /// <param name="service">The service after the change, with its new version. If the disk was removed, its disk id is still the old one.</param>
    public void Tell(PorticoDb db, ServiceRow service, ServiceSettings before)
    {
        foreach (var (type, details) in Changes(service, before, service.Settings))
            // Once for each version of the service.
            events.Add(db, service.Id, type, $"{service.Id}:{type}:{service.Version}", details);
    }

    private static IEnumerable<(string Type, object Details)> Changes(ServiceRow service, ServiceSettings before, ServiceSettings after)
    {
        if (service.Type != ServiceType.StaticSite && ServiceTerms.PlanOf(before) != ServiceTerms.PlanOf(after))
            yield return ("plan_changed", new PlanChanged(ServiceTerms.PlanOf(before), ServiceTerms.PlanOf(after)));
        var (from, to) = (RevisionFactory.InstancesOf(before, service.ScaledTo), RevisionFactory.InstancesOf(after, service.ScaledTo));
        if (service.Type.HasInstances() && from != to)
            yield return ("instance_count_changed", new InstanceCountChanged(from, to));
        if (!Equals(ServiceTerms.AutoscalingOf(before), ServiceTerms.AutoscalingOf(after)))
            yield return ("autoscaling_config_changed", new AutoscalingConfigChanged(
                ServiceTerms.AutoscalingOf(before), ServiceTerms.AutoscalingOf(after) ?? Off));
        if ((before.Maintenance?.Enabled ?? false) != (after.Maintenance?.Enabled ?? false))
            yield return ("maintenance_mode_enabled", new MaintenanceModeEnabled(after.Maintenance?.Enabled ?? false));
        if ((before.Maintenance?.Uri ?? "") != (after.Maintenance?.Uri ?? ""))
            yield return ("maintenance_mode_uri_updated", new MaintenanceModeUriUpdated(before.Maintenance?.Uri ?? "", after.Maintenance?.Uri ?? ""));
        if (DiskChange(service.DiskId, before.Disk, after.Disk) is { } disk)
            yield return disk;
        if (AutoDeployChange(before.AutoDeploy ?? AutoDeploy.Commit, after.AutoDeploy ?? AutoDeploy.Commit) is { } autoDeploy)
            yield return autoDeploy;
    }

    private static (string, object)? DiskChange(string? id, DiskSettings? before, DiskSettings? after)
    {
        if (id is null || (before is null && after is null))
            return null;
        if (before is null)
            return ("disk_created", new DiskCreated(id, SizeOf(after!)));
        if (after is null)
            return ("disk_deleted", new DiskDeleted(id));
        return SizeOf(before) == SizeOf(after) ? null : ("disk_updated", new DiskUpdated(id, SizeOf(before), SizeOf(after)));
    }

    private static (string, object)? AutoDeployChange(AutoDeploy before, AutoDeploy after) => (before, after) switch
    {
        (not AutoDeploy.Off, AutoDeploy.Off) => ("auto_deploy_disabled", new AutoDeployDisabled("user", ServiceTerms.NameOf(before))),
        (AutoDeploy.Off, not AutoDeploy.Off) => ("auto_deploy_enabled", new AutoDeployEnabled(ServiceTerms.NameOf(after))),
        _ => null,
    };

    private static AutoscalingConfig Off { get; } = new()
    {
        Enabled = false,
        Min = 1,
        Max = 1,
        Criteria = new AutoscalingCriteria(new AutoscalingCriterion(false, 0), new AutoscalingCriterion(false, 0)),
    };

    private static int SizeOf(DiskSettings disk) => disk.SizeGB ?? DiskSpec.DefaultSizeGB;
}
