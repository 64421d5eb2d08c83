using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Refusals;
using Portico.Core.Services;
using Portico.Core.Sources;
using static Portico.ControlPlane.Services.RequestValues;

namespace Portico.ControlPlane.Services;

/// <summary>Applies a patch to a service's settings: absent fields are kept, and null resets a field to its default.</summary>
internal static class ServicePatches
{
    /// <exception cref="RefusedException">A value is unknown or not supported.</exception>
    public static ServiceSettings Apply(ServicePatch patch, ServiceSettings settings, ServiceType type)
    {
        RefuseUnsupported(patch);
        var source = settings.Source;
        var changed = settings with
        {
            Source = source with
            {
                Repo = GitUrl.Kept(TextOr(patch.Repo, source.Repo), source.Repo),
                Branch = TextOr(patch.Branch, source.Branch),
                RootDir = TextOr(patch.RootDir, source.RootDir),
                Filter = patch.BuildFilter.IsSet ? Filter(patch.BuildFilter.Value) : source.Filter,
            },
            AutoDeploy = patch.AutoDeployTrigger.IsSet || patch.AutoDeploy.IsSet
                ? AutoDeployOf(patch.AutoDeployTrigger.Value, patch.AutoDeploy.Value)
                : settings.AutoDeploy,
            Image = patch.Image.IsSet ? patch.Image.Value is { } image ? new ImageSettings(image.ImagePath, null) : null : settings.Image,
        };
        if (changed.Source.Repo is null && source.Repo is not null && changed.Image is null)
            throw Refusal.Invalid("repo: must not be empty, because the service is built from it.");
        return patch.ServiceDetails is { } details ? Apply(details, changed, type) : changed;
    }

    private static ServiceSettings Apply(ServiceDetailsPatch details, ServiceSettings settings, ServiceType type)
    {
        RefuseCache(details.Cache.Value);
        var specific = details.EnvSpecificDetails ?? new EnvSpecificDetailsPatch();
        if (Text(specific.RegistryCredentialId.Value) is not null || Text(specific.RegistryCredential?.Id) is not null)
            throw NotYet("serviceDetails.envSpecificDetails.registryCredentialId", "images are");
        return settings with
        {
            Runtime = details.Runtime.IsSet ? RuntimeOf(details.Runtime.Value, type) : settings.Runtime,
            Plan = details.Plan.IsSet ? Plan(details.Plan.Value) : settings.Plan,
            BuildCommand = TextOr(details.BuildCommand, TextOr(specific.BuildCommand, settings.BuildCommand)),
            StartCommand = TextOr(specific.StartCommand, settings.StartCommand),
            PreDeployCommand = TextOr(details.PreDeployCommand, TextOr(specific.PreDeployCommand, settings.PreDeployCommand)),
            Docker = DockerOf(specific, settings.Docker),
            HealthCheckPath = TextOr(details.HealthCheckPath, settings.HealthCheckPath),
            MaxShutdownDelaySeconds = details.MaxShutdownDelaySeconds.Or(settings.MaxShutdownDelaySeconds),
            Schedule = TextOr(details.Schedule, settings.Schedule),
            StaticPublishPath = TextOr(details.PublishPath, settings.StaticPublishPath),
            Previews = details.Previews.IsSet || details.PullRequestPreviewsEnabled.IsSet
                ? PreviewsOf(details, settings.Previews)
                : settings.Previews,
            IpAllowList = details.IpAllowList.IsSet ? Rules(details.IpAllowList.Value) : settings.IpAllowList,
            PlatformSubdomain = details.RenderSubdomainPolicy.IsSet ? Subdomain(details.RenderSubdomainPolicy.Value) : settings.PlatformSubdomain,
            Maintenance = details.MaintenanceMode.IsSet ? Maintenance(details.MaintenanceMode.Value) : settings.Maintenance,
        };
    }

    private static void RefuseUnsupported(ServicePatch patch)
    {
        if (Text(patch.ArtifactSourceId.Value) is not null)
            throw NotYet("artifactSourceId", "artifact sources are");
        if (Text(patch.ArtifactId.Value) is not null)
            throw NotYet("artifactId", "artifact sources are");
        if (Text(patch.Image.Value?.RegistryCredentialId) is not null)
            throw NotYet("image.registryCredentialId", "images are");
    }

    private static string RuntimeOf(string? runtime, ServiceType type) => Text(runtime) switch
    {
        null => throw Refusal.Invalid("serviceDetails.runtime: required, for example node."),
        not "static" when type == ServiceType.StaticSite =>
            throw Refusal.Invalid("serviceDetails.runtime: can't be set for a static site."),
        "static" when type != ServiceType.StaticSite =>
            throw Refusal.Invalid("serviceDetails.runtime: a service can't become a static site. Create a new service."),
        var name => name,
    };

    /// <summary>The plan and the instances of previews can be set in Blueprints only; they stay.</summary>
    private static PreviewSettings? PreviewsOf(ServiceDetailsPatch details, PreviewSettings? previews)
    {
        var given = Previews(details.Previews.Value, details.PullRequestPreviewsEnabled.Value);
        return given is null ? null : given with { Plan = previews?.Plan, NumInstances = previews?.NumInstances };
    }

    private static DockerSettings? DockerOf(EnvSpecificDetailsPatch specific, DockerSettings? docker)
    {
        var changed = new DockerSettings(
            TextOr(specific.DockerCommand, docker?.Command), TextOr(specific.DockerContext, docker?.Context),
            TextOr(specific.DockerfilePath, docker?.DockerfilePath), docker?.RegistryCredential);
        return changed == new DockerSettings(null, null, null, null) ? null : changed;
    }

    private static string? TextOr(Optional<string> field, string? current) => field.IsSet ? Text(field.Value) : current;
}
