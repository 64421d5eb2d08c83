using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;

namespace Portico.Blueprint.Binding;

/// <summary>Reads web services, private services, workers, cron jobs and static sites.</summary>
internal static class ServiceBinder
{
    private static readonly string[] IgnoredForStatic = ["plan", "region", "numInstances"];

    private static readonly string[] NotForStatic =
        ["image", "registryCredential", "scaling", "disk", "renderSubdomainPolicy", "maxShutdownDelaySeconds", "previewPlan"];

    private static readonly string[] NotForServers = ["headers", "routes"];

    private static readonly string[] NotForCron =
    [
        .. NotForServers, "numInstances", "scaling", "disk", "previews", "pullRequestPreviewsEnabled", "previewPlan", "ipAllowList", "domain",
        "domains", "renderSubdomainPolicy", "maxShutdownDelaySeconds",
    ];

    public static ServiceSpec? Bind(Fields fields, ServiceType type)
    {
        var name = fields.RequiredText("name", NameRules.Resource);
        var runtime = RuntimeBinder.Bind(fields, type);
        var kind = KindOf(type, runtime);
        var spec = BindSpec(fields, kind, name ?? "", runtime ?? "");
        fields.Finish(Describe(kind));
        ServiceRules.Check(spec, runtimeKnown: runtime is not null, fields.Bag);
        // Also without a runtime: its references, and those to it, are checked together with that error.
        return name is null ? null : spec;
    }

    private static ServiceKind KindOf(ServiceType type, string? runtime) => type switch
    {
        ServiceType.Static => ServiceKind.StaticSite,
        ServiceType.Web => runtime == "static" ? ServiceKind.StaticSite : ServiceKind.WebService,
        ServiceType.PrivateService => ServiceKind.PrivateService,
        ServiceType.Worker => ServiceKind.BackgroundWorker,
        ServiceType.Cron => ServiceKind.CronJob,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a service"),
    };

    public static string Describe(ServiceKind kind) => kind switch
    {
        ServiceKind.StaticSite => "a static site",
        ServiceKind.WebService => "a web service",
        ServiceKind.PrivateService => "a private service",
        ServiceKind.BackgroundWorker => "a background worker",
        _ => "a cron job",
    };

    private static ServiceSpec BindSpec(Fields fields, ServiceKind kind, string name, string runtime)
    {
        var isStatic = kind == ServiceKind.StaticSite;
        var isCron = kind == ServiceKind.CronJob;
        var isServer = !isStatic && !isCron;
        string? Only(bool applies, string field, Rule? rule = null) => applies ? fields.Text(field, rule) : Refused(fields, field, kind);

        foreach (var field in isStatic ? IgnoredForStatic : [])
            fields.Ignore(field, "a static site is served by the edge");
        if (kind != ServiceKind.WebService)
            Refused(fields, "maintenanceMode", kind);
        foreach (var field in isStatic ? NotForStatic : isCron ? NotForCron : NotForServers)
            Refused(fields, field, kind);

        return new ServiceSpec
        {
            Kind = kind,
            Name = name,
            Runtime = runtime,
            Region = isStatic ? null : fields.Region(),
            Plan = isStatic ? null : fields.Plan("plan", Plans.Service),
            Repo = fields.Text("repo", GitRules.Repo),
            Branch = fields.Text("branch", GitRules.Branch),
            Image = isStatic ? null : ServicePartBinder.BindImage(fields),
            RegistryCredential = isStatic ? null : fields.RegistryCredential("registryCredential"),
            RootDir = fields.RepositoryPath("rootDir"),
            BuildCommand = fields.Text("buildCommand"),
            StartCommand = Only(!isStatic, "startCommand"),
            PreDeployCommand = Only(isServer, "preDeployCommand"),
            InitialDeployHook = Only(isServer, "initialDeployHook"),
            DockerCommand = Only(!isStatic, "dockerCommand"),
            DockerContext = isStatic ? Refused(fields, "dockerContext", kind) : fields.RepositoryPath("dockerContext"),
            DockerfilePath = isStatic ? Refused(fields, "dockerfilePath", kind) : fields.RepositoryPath("dockerfilePath"),
            NumInstances = isServer ? fields.Whole("numInstances", 1, ValueRules.MostInstances) : null,
            Scaling = isServer ? ServicePartBinder.BindScaling(fields) : null,
            HealthCheckPath = Only(isServer, "healthCheckPath", PathRules.HealthCheck),
            MaxShutdownDelaySeconds = isServer ? fields.Whole("maxShutdownDelaySeconds", 1, 300) : null,
            Schedule = Only(isCron, "schedule", CronRule.Check),
            StaticPublishPath = isStatic ? fields.RepositoryPath("staticPublishPath") : Refused(fields, "staticPublishPath", kind),
            Headers = isStatic ? ServicePartBinder.BindHeaders(fields) : null,
            Routes = isStatic ? ServicePartBinder.BindRoutes(fields) : null,
            Domains = isCron ? null : ServicePartBinder.BindDomains(fields),
            EnvVars = EnvBinder.BindAll(fields, inGroup: false),
            AutoDeploy = ServicePartBinder.BindAutoDeploy(fields),
            Disk = isServer ? ServicePartBinder.BindDisk(fields, runtime) : null,
            BuildFilter = ServicePartBinder.BindBuildFilter(fields),
            Previews = isCron ? null : ServicePartBinder.BindPreviews(fields, isStatic),
            IpAllowList = isCron ? null : fields.IpAllowList(),
            PlatformSubdomain = isServer ? fields.Choice("renderSubdomainPolicy", Vocabulary.Switch) : null,
            MaintenanceMode = kind == ServiceKind.WebService ? ServicePartBinder.BindMaintenance(fields) : null,
            Origin = fields.Origin,
        };
    }

    private static string? Refused(Fields fields, string field, ServiceKind kind)
    {
        fields.Refuse(field, $"{Describe(kind)} does not support it");
        return null;
    }
}
