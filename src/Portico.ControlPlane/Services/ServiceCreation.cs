using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Creates services for Render's API.</summary>
internal sealed class ServiceCreation(
    ServiceFactory services, ServiceCheck check, DefaultBranches branches, NewDeploys deploys, PlatformSettings platform, Wakeups wakeups)
{
    /// <summary>Creates a service and its first deploy, or neither.</summary>
    public async Task<(ServiceRow Service, DeployRow Deploy)> CreateAsync(
        PorticoDb db, Caller caller, ServicePost post, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(post.OwnerId);
        var (type, settings) = Read(caller, post);
        var variables = EnvVarInputs.Read(post.EnvVars, "envVars");
        var files = EnvVarInputs.Read(post.SecretFiles, "secretFiles");
        var environment = await Placement.RequireAsync(db, caller, workspace, post.EnvironmentId, cancellationToken);
        settings = await branches.WriteDownAsync(settings, workspace, cancellationToken);
        var order = new DeployRequest(DeployTrigger.Api, "new service")
        {
            RequestedBy = await db.ActorAsync(caller, cancellationToken),
            Source = new DeploySource(null, null),
        };
        var made = await db.TransactAsync(async () =>
        {
            await db.RequireFreeServiceNameAsync(workspace, post.Name, cancellationToken);
            var taken = await db.TakenAddressesAsync(cancellationToken);
            var service = await services.CreateAsync(db, workspace, post.Name, type, settings, taken, cancellationToken);
            await MaintenancePageRule.RequireAsync(db, service, platform, cancellationToken);
            service.EnvironmentId = environment;
            db.Services.Add(service);
            await db.ReplaceVariablesAsync(service.Id, variables, cancellationToken);
            await db.ReplaceSecretFilesAsync(service.Id, files, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return (service, await deploys.AddAsync(db, service, order, cancellationToken));
        }, cancellationToken);
        wakeups.Signal();
        return made;
    }

    /// <summary>Validates the settings of a service, without creating it.</summary>
    /// <exception cref="RefusedException">A value is unknown, invalid or not supported.</exception>
    public (ServiceType Type, ServiceSettings Settings) Read(Caller caller, ServicePost post)
    {
        var type = ServiceTerms.TypeOf(post.Type) ?? throw RequestValues.Unknown(
            "type", post.Type, "static_site, web_service, private_service, background_worker or cron_job");
        var settings = ServicePosts.ToSettings(post, type).SetBy(caller, null, isNamed: true);
        check.Require(ServiceMapping.ToSpec(post.Name, type, settings, null), ServiceFields.Of(type), localRepositories: caller.IsOwner);
        return (type, settings);
    }
}
