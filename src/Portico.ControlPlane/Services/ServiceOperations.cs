using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Core.Sleep;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Operations on a service that need no deploy. They change only state, and add the events in the same save; reconcilers
/// carry them out. The caller saves.
/// </summary>
internal sealed class ServiceOperations(EventLog events, SettingsEvents changes, TimeProvider time)
{
    /// <summary>Replaces all instances with new ones of the same revision. Each new one is ready before an old one stops.</summary>
    /// <exception cref="RefusedException">No instance is running.</exception>
    public void Restart(PorticoDb db, ServiceRow service, Actor by)
    {
        if (!service.Type.HasInstances())
            throw Refusal.Invalid($"'{service.Name}' is a {service.Type.Name()}, which has no instances to restart.");
        if (service.Suspended || service.RoutedDeployId is null)
            throw Refusal.Conflict($"'{service.Name}' has no running instances to restart: {(service.Suspended ? "it is suspended" : "it has no live deploy")}.");
        // One that sleeps has nothing to replace: it starts, which is as new.
        if (service.Sleep == SleepState.Asleep)
        {
            service.WakeUp(time.GetUtcNow());
        }
        else
        {
            service.RestartCount++;
            service.Version++;
        }
        Tell(db, service, "server_restarted", new ServerRestarted(by.Email));
    }

    public void Suspend(PorticoDb db, ServiceRow service, Actor by)
    {
        if (service.Suspended)
            return;
        service.Suspended = true;
        service.Touch(time.GetUtcNow());
        Tell(db, service, "suspender_added", new SuspenderAdded("user", by));
        Tell(db, service, "service_suspended", new Nothing());
    }

    /// <summary>Resumes a service with its last revision, without a deploy.</summary>
    public void Resume(PorticoDb db, ServiceRow service, Actor by)
    {
        if (!service.Suspended)
            return;
        service.Suspended = false;
        (service.Sleep, service.SleepSince, service.LastTrafficAt) = (SleepState.Awake, null, time.GetUtcNow());
        service.Touch(time.GetUtcNow());
        Tell(db, service, "suspender_removed", new SuspenderRemoved("user", by));
        Tell(db, service, "service_resumed", new Nothing());
    }

    /// <summary>Turns auto-deploy off.</summary>
    /// <returns>The previous trigger; null if auto-deploy was already off.</returns>
    public string? StopAutoDeploy(PorticoDb db, ServiceRow service, string reason)
    {
        var before = service.Settings.AutoDeploy ?? AutoDeploy.Commit;
        if (before == AutoDeploy.Off)
            return null;
        service.Settings = service.Settings with { AutoDeploy = AutoDeploy.Off };
        service.Touch(time.GetUtcNow());
        Tell(db, service, "auto_deploy_disabled", new AutoDeployDisabled(reason, ServiceTerms.NameOf(before)));
        return ServiceTerms.NameOf(before);
    }

    /// <summary>Changes the number of instances. While autoscaling is on, the number is kept for when it is turned off.</summary>
    /// <exception cref="RefusedException">The service cannot have this number of instances.</exception>
    public void Scale(PorticoDb db, ServiceRow service, int instances)
    {
        RequireInstances(service, "numInstances", instances);
        // What runs now stays: the number that is set is no choice of autoscaling.
        if (service.Settings.Scaling is not null)
            service.ScaledTo ??= RevisionFactory.InstancesOf(service);
        Set(db, service, service.Settings with { NumInstances = instances });
    }

    /// <exception cref="RefusedException">The configuration is invalid, or the service cannot have this number of instances.</exception>
    public void Autoscale(PorticoDb db, ServiceRow service, AutoscalingConfig wanted)
    {
        RequireInstances(service, "min", wanted.Min);
        RequireInstances(service, "max", wanted.Max);
        if (wanted.Max < wanted.Min)
            throw Refusal.Invalid($"max: must not be less than min ({wanted.Min}), but is {wanted.Max}.");
        var (cpu, memory) = (Percent("criteria.cpu", wanted.Criteria.Cpu), Percent("criteria.memory", wanted.Criteria.Memory));
        if (wanted.Enabled && cpu is null && memory is null)
            throw Refusal.Invalid("criteria: cpu, memory or both must be enabled.");
        SetScaling(db, service, RequestValues.FormOf(wanted));
    }

    /// <param name="form">Null removes autoscaling: the service has as many instances as were set last.</param>
    public void SetScaling(PorticoDb db, ServiceRow service, AutoscalingForm? form)
    {
        var settings = service.Settings with { Scaling = form?.Effect(), AutoscalingForm = form };
        if (settings == service.Settings)
            return;
        if (settings.Scaling is null)
            service.ScaledTo = null;
        Set(db, service, settings);
    }

    private void Set(PorticoDb db, ServiceRow service, ServiceSettings settings)
    {
        var before = service.Settings;
        service.Settings = settings;
        service.Touch(time.GetUtcNow());
        changes.Tell(db, service, before);
    }

    private static void RequireInstances(ServiceRow service, string field, int instances)
    {
        if (!service.Type.HasInstances())
            throw Refusal.Invalid($"{field}: a {service.Type.Name()} can't be scaled.");
        if (instances is < 1 or > ValueRules.MostInstances)
            throw Refusal.Invalid($"{field}: must be a number from 1 to {ValueRules.MostInstances}.");
        if (instances > 1 && service.Settings.Disk is not null)
            throw Refusal.Invalid($"{field}: a service with a disk can run only one instance.");
    }

    private static int? Percent(string field, AutoscalingCriterion criterion)
    {
        if (!criterion.Enabled)
            return criterion.Percentage is >= 0 and <= 100 ? null : throw Refusal.Invalid($"{field}.percentage: must be a number from 0 to 100.");
        return criterion.Percentage is >= ScalingRules.LeastTarget and <= ScalingRules.MostTarget
            ? criterion.Percentage
            : throw Refusal.Invalid($"{field}.percentage: must be a number from {ScalingRules.LeastTarget} to {ScalingRules.MostTarget}.");
    }

    /// <summary>Adds an event once per version of the service.</summary>
    private void Tell(PorticoDb db, ServiceRow service, string type, object details) =>
        events.Add(db, service.Id, type, $"{service.Id}:{type}:{service.Version}", details);
}
