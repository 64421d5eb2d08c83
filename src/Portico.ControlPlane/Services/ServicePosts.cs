using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Refusals;
using Portico.Core.Services;
using static Portico.ControlPlane.Services.RequestValues;

namespace Portico.ControlPlane.Services;

/// <summary>Converts the body of a new service to settings.</summary>
internal static class ServicePosts
{
    private const string DefaultPublishPath = "public";

    /// <exception cref="RefusedException">A value is unknown or not supported.</exception>
    public static ServiceSettings ToSettings(ServicePost post, ServiceType type)
    {
        var details = post.ServiceDetails ?? new ServiceDetailsPost();
        RefuseUnsupported(post, details);
        var specific = details.EnvSpecificDetails ?? new EnvSpecificDetailsPost();
        return new ServiceSettings
        {
            Runtime = RuntimeOf(details, type),
            Region = Text(details.Region),
            Plan = Plan(details.Plan),
            Source = new SourceSettings(Text(post.Repo), Text(post.Branch), Text(post.RootDir), Filter(post.BuildFilter)),
            Image = post.Image is { } image ? new ImageSettings(image.ImagePath, null) : null,
            Docker = DockerOf(specific),
            BuildCommand = Text(details.BuildCommand) ?? Text(specific.BuildCommand),
            StartCommand = Text(specific.StartCommand),
            PreDeployCommand = Text(details.PreDeployCommand) ?? Text(specific.PreDeployCommand),
            NumInstances = details.NumInstances,
            Scaling = FormOf(details.Autoscaling)?.Effect(),
            AutoscalingForm = FormOf(details.Autoscaling),
            HealthCheckPath = Text(details.HealthCheckPath),
            MaxShutdownDelaySeconds = details.MaxShutdownDelaySeconds,
            Schedule = Text(details.Schedule),
            StaticPublishPath = Text(details.PublishPath) ?? (type == ServiceType.StaticSite ? DefaultPublishPath : null),
            Headers = details.Headers is { Count: > 0 } headers ? [.. headers.Select(SiteRules.ToSetting)] : null,
            Routes = details.Routes is { Count: > 0 } routes ? SiteRules.Order(routes) : null,
            AutoDeploy = AutoDeployOf(post.AutoDeployTrigger, post.AutoDeploy),
            Disk = details.Disk is { } disk ? new DiskSettings(disk.Name, disk.MountPath, disk.SizeGB) : null,
            Previews = Previews(details.Previews, details.PullRequestPreviewsEnabled),
            IpAllowList = Rules(details.IpAllowList),
            PlatformSubdomain = Subdomain(details.RenderSubdomainPolicy),
            Maintenance = Maintenance(details.MaintenanceMode),
        };
    }

    private static void RefuseUnsupported(ServicePost post, ServiceDetailsPost details)
    {
        if (Text(details.ArtifactSourceId) is not null)
            throw NotYet("serviceDetails.artifactSourceId", "artifact sources are");
        if (Text(details.InternalRouting) is not null)
            throw NotYet("serviceDetails.internalRouting", "other kinds of internal routing are");
        if (Text(post.Image?.RegistryCredentialId) is not null)
            throw NotYet("image.registryCredentialId", "images are");
        if (Text(details.EnvSpecificDetails?.RegistryCredentialId) is not null || Text(details.EnvSpecificDetails?.RegistryCredential?.Id) is not null)
            throw NotYet("serviceDetails.envSpecificDetails.registryCredentialId", "images are");
        if (Text(post.Repo) is null && post.Image is null)
            throw Refusal.Invalid("repo: must be the URL of the Git repository to build from.");
    }

    private static string RuntimeOf(ServiceDetailsPost details, ServiceType type)
    {
        var (runtime, env) = (Text(details.Runtime), Text(details.Env));
        if (runtime is not null && env is not null && runtime != env)
            throw Refusal.Invalid($"serviceDetails.env: '{env}' contradicts serviceDetails.runtime. Omit one of them.");
        if (type == ServiceType.StaticSite)
            return (runtime ?? env) is null or "static"
                ? "static"
                : throw Refusal.Invalid("serviceDetails.runtime: can't be set for a static site.");
        return runtime ?? env ?? throw Refusal.Invalid("serviceDetails.runtime: required, for example node.");
    }

    private static DockerSettings? DockerOf(EnvSpecificDetailsPost specific) =>
        (Text(specific.DockerCommand), Text(specific.DockerContext), Text(specific.DockerfilePath)) is (null, null, null)
            ? null
            : new DockerSettings(Text(specific.DockerCommand), Text(specific.DockerContext), Text(specific.DockerfilePath), null);
}
