using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Ids;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Changes a service's disk, and deploys the service. The rules are those of Blueprints.</summary>
internal sealed class DiskChanges(PorticoDb db, DiskGrowth growth, SettingsEvents events, IEngine engine, PlatformCheck platform, IdSource ids, Wakeups wakeups, TimeProvider time)
{
    private const int Largest = 16_384;

    /// <param name="change">Returns the service's new disk; null for none.</param>
    public async Task<ServiceRow> SaveAsync(
        Caller caller, Func<Task<ServiceRow>> find, Func<ServiceRow, DiskSettings?> change, CancellationToken cancellationToken)
    {
        var row = await db.EditAsync(async () =>
        {
            var service = await find();
            var before = service.Settings;
            service.DiskId ??= ids.New<DiskId>().Value;
            service.Settings = before with { Disk = change(service) };
            service.Touch(time.GetUtcNow());
            events.Tell(db, service, before);
            if (service.Settings.Disk is null)
                Remove(service, before.Disk!);
            if (!await growth.ApplyAsync(db, service, cancellationToken) && !service.Suspended && db.Deploys.Any(deploy => deploy.ServiceId == service.Id))
                PendingDeploys.Add(service, "disk changed", await db.ActorAsync(caller, cancellationToken), time.GetUtcNow());
            await db.SaveChangesAsync(cancellationToken);
            return service;
        });
        wakeups.Signal();
        return row;
    }

    /// <exception cref="RefusedException">The service cannot have a disk or already has one, or a field is invalid.</exception>
    public DiskSettings New(ServiceRow service, DiskPost input)
    {
        if (!service.Type.HasInstances())
            throw Refusal.Invalid($"serviceId: '{service.Name}' is a {service.Type.Name()}, which can't have a disk.");
        if (service.Settings.Disk is { } present)
            throw Refusal.Conflict($"serviceId: '{service.Name}' already has the disk '{present.Name}', and a service can have only one.");
        if (service.Settings.NumInstances > 1 || service.Settings.Scaling is not null)
            throw Refusal.Invalid($"serviceId: '{service.Name}' has several instances, but a service with a disk runs only one. Scale it to one first.");
        if (engine.Capabilities.DiskRestriction is { } restriction)
            throw Refusal.Invalid($"mountPath: {restriction}");
        return new DiskSettings(Name(input.Name), MountPath(service, input.MountPath), Size(input.SizeGB, null))
        {
            Volume = RevisionFactory.NewVolume(service),
            CreatedAt = time.GetUtcNow(),
        };
    }

    /// <exception cref="RefusedException">A field is invalid.</exception>
    public DiskSettings Changed(ServiceRow service, DiskPatch input)
    {
        var disk = service.Settings.Disk!;
        return disk with
        {
            Name = input.Name.IsSet ? Name(input.Name.Value) : disk.Name,
            MountPath = input.MountPath.IsSet ? MountPath(service, input.MountPath.Value) : disk.MountPath,
            SizeGB = input.SizeGB.IsSet ? Size(input.SizeGB.Value, disk.SizeGB ?? DiskSpec.DefaultSizeGB) : disk.SizeGB,
            Volume = RevisionFactory.DiskId(service.Id, disk),
            UpdatedAt = time.GetUtcNow(),
        };
    }

    /// <summary>Removes a disk. Its data is deleted when no running instance uses it any more.</summary>
    private void Remove(ServiceRow service, DiskSettings disk)
    {
        service.DiskId = null;
        db.DiskRemovals.Add(new DiskRemovalRow { Volume = RevisionFactory.DiskId(service.Id, disk), ServiceId = service.Id, At = time.GetUtcNow() });
    }

    private static string Name(string? name) =>
        ValueRules.Label(name ?? "") is { } problem ? throw Refusal.Invalid($"name: {problem}") : name!;

    private string MountPath(ServiceRow service, string? path) =>
        (ValueRules.MountPath(path ?? "", service.Settings.Runtime) ?? platform.ExplainMount(path!)) is { } problem ? throw Refusal.Invalid($"mountPath: {problem.TrimEnd('.')}.") : path!;

    private static int Size(int? size, int? current) => size switch
    {
        null or < 1 or > Largest => throw Refusal.Invalid($"sizeGB: must be a whole number from 1 to {Largest}."),
        _ when size < current => throw Refusal.Invalid($"sizeGB: the disk has {current} GB and can't shrink to {size} GB."),
        { } good => good,
    };
}
