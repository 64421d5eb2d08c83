using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Shells;

/// <summary>Chooses where the command of a session runs.</summary>
internal sealed class ShellTargets(IEngine engine)
{
    /// <param name="instance">The id of an instance, or its last part; null for the newest that is ready.</param>
    /// <exception cref="RefusedException">The service has no such instance, or none that runs.</exception>
    public ShellTarget InInstance(ServiceRow service, string? instance)
    {
        RequireCode(service);
        var all = engine.Observe().Instances.Where(item => item.Owner == service.Id && item.Status is not (InstanceStatus.BackingOff or InstanceStatus.Stopping)).ToList();
        var found = instance is null
            ? all.OrderByDescending(item => item.Status == InstanceStatus.Ready).ThenByDescending(item => item.StartedAt).ThenBy(item => item.Id.Value, StringComparer.Ordinal).FirstOrDefault()
            : all.FirstOrDefault(item => item.Id.Value == instance || item.Id.Value == $"{service.Id}-{instance}");
        if (found is not null)
            return new ShellTarget(service.Id, service.WorkspaceId, found.Id);
        if (instance is not null)
            throw Refusal.NotFound("running instance", instance);
        throw Refusal.Conflict($"'{service.Name}' has no running instance{Why(service)}. `portico run {service.Name}` runs a command in a sandbox of its own.");
    }

    /// <exception cref="RefusedException">The service has nothing that could run.</exception>
    public static ShellTarget OfItsOwn(ServiceRow service, ResourceLimits? limits = null)
    {
        RequireCode(service);
        if (service.Suspended)
            throw Refusal.Conflict($"'{service.Name}' is suspended. Resume it first.");
        if (service.RoutedDeployId is null)
            throw Refusal.Conflict($"'{service.Name}' has no live deploy yet, whose files a command needs. Deploy it first.");
        return new ShellTarget(service.Id, service.WorkspaceId, Instance: null, limits);
    }

    private static void RequireCode(ServiceRow service)
    {
        if (service.Type == ServiceType.StaticSite)
            throw Refusal.Invalid($"'{service.Name}' is a static site, which runs no code. Use a service that does.");
    }

    private static string Why(ServiceRow service) => service switch
    {
        { Suspended: true } => ", because it is suspended",
        { Type: ServiceType.CronJob } => ", because it is a cron job",
        { Sleep: not Portico.Core.Sleep.SleepState.Awake } => ", because it sleeps",
        _ => "",
    };
}
