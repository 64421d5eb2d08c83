using System.Reflection;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;

namespace Portico.Blueprint.Tests;

/// <summary>
/// Every field of a service, database and Key Value store is known to the parser, the writer, the plan and the merge. A field
/// that is added to the model fails here until it has a sample, and then until each of them knows it.
/// </summary>
public sealed class FieldCompletenessTests
{
    private static readonly ServiceSpec
        Web = new() { Kind = ServiceKind.WebService, Name = "thing", Runtime = "node", StartCommand = "npm start" },
        Docker = new() { Kind = ServiceKind.WebService, Name = "thing", Runtime = "docker" },
        Site = new() { Kind = ServiceKind.StaticSite, Name = "thing", Runtime = "static", StaticPublishPath = "./dist" },
        Cron = new() { Kind = ServiceKind.CronJob, Name = "thing", Runtime = "node", StartCommand = "npm start", Schedule = "0 3 * * *" };

    /// <summary>What identifies a resource, or is not content.</summary>
    private static readonly string[] Identity = [nameof(ServiceSpec.Kind), nameof(ServiceSpec.Name), nameof(ServiceSpec.Origin)];

    /// <summary>Fields that describe build and run completely: a file that omits them clears them. All others keep their value.</summary>
    private static readonly string[] Cleared =
    [
        nameof(ServiceSpec.Image), nameof(ServiceSpec.RootDir), nameof(ServiceSpec.BuildCommand), nameof(ServiceSpec.PreDeployCommand),
        nameof(ServiceSpec.DockerCommand), nameof(ServiceSpec.HealthCheckPath), nameof(ServiceSpec.Headers), nameof(ServiceSpec.Routes),
        nameof(ServiceSpec.BuildFilter),
    ];

    /// <summary>Fields that a file must give: they cannot be omitted.</summary>
    private static readonly string[] Required =
        [nameof(ServiceSpec.Runtime), nameof(ServiceSpec.StartCommand), nameof(ServiceSpec.Schedule), nameof(ServiceSpec.StaticPublishPath)];

    private static readonly Samples<ServiceSpec> Services = new("services", item => new ResourceLists { Services = [item] }, plan => plan.Services)
    {
        { nameof(ServiceSpec.Runtime), "runtime", Web, Web with { Runtime = "python" } },
        { nameof(ServiceSpec.Region), "region", Web, Web with { Region = "frankfurt" } },
        { nameof(ServiceSpec.Plan), "plan", Web, Web with { Plan = "pro plus" } },
        { nameof(ServiceSpec.Repo), "repo", Web, Web with { Repo = "https://example.org/other.git" } },
        { nameof(ServiceSpec.Branch), "branch", Web, Web with { Branch = "next" } },
        { nameof(ServiceSpec.Image), "image", Web with { Runtime = "docker" }, Web with { Runtime = "image", Image = new ImageSpec("docker.io/library/nginx", "hub") } },
        { nameof(ServiceSpec.RegistryCredential), "registryCredential", Docker, Docker with { RegistryCredential = "hub" } },
        { nameof(ServiceSpec.RootDir), "rootDir", Web, Web with { RootDir = "apps/web" } },
        { nameof(ServiceSpec.BuildCommand), "buildCommand", Web, Web with { BuildCommand = "npm ci" } },
        { nameof(ServiceSpec.StartCommand), "startCommand", Web, Web with { StartCommand = "node ." } },
        { nameof(ServiceSpec.PreDeployCommand), "preDeployCommand", Web, Web with { PreDeployCommand = "npm run migrate" } },
        { nameof(ServiceSpec.InitialDeployHook), "initialDeployHook", Web, Web with { InitialDeployHook = "npm run seed" } },
        { nameof(ServiceSpec.DockerCommand), "dockerCommand", Docker, Docker with { DockerCommand = "serve" } },
        { nameof(ServiceSpec.DockerContext), "dockerContext", Docker, Docker with { DockerContext = "apps" } },
        { nameof(ServiceSpec.DockerfilePath), "dockerfilePath", Docker, Docker with { DockerfilePath = "apps/Dockerfile" } },
        { nameof(ServiceSpec.NumInstances), "numInstances", Web, Web with { NumInstances = 3 } },
        { nameof(ServiceSpec.Scaling), "scaling", Web, Web with { Scaling = new ScalingSpec(1, 4, 70, 60) } },
        { nameof(ServiceSpec.HealthCheckPath), "healthCheckPath", Web, Web with { HealthCheckPath = "/up" } },
        { nameof(ServiceSpec.MaxShutdownDelaySeconds), "maxShutdownDelaySeconds", Web, Web with { MaxShutdownDelaySeconds = 90 } },
        { nameof(ServiceSpec.Schedule), "schedule", Cron, Cron with { Schedule = "*/5 * * * *" } },
        { nameof(ServiceSpec.StaticPublishPath), "staticPublishPath", Site, Site with { StaticPublishPath = "./public" } },
        { nameof(ServiceSpec.Headers), "headers", Site, Site with { Headers = [new HeaderSpec("/*", "X-A", "a")] } },
        { nameof(ServiceSpec.Routes), "routes", Site, Site with { Routes = [new RouteSpec(RouteKind.Rewrite, "/*", "/index.html")] } },
        { nameof(ServiceSpec.Domains), "domains", Web, Web with { Domains = ["example.com"] } },
        { nameof(ServiceSpec.EnvVars), "envVars", Web, Web with { EnvVars = [new EnvVar("A", new LiteralValue("1")) { PreviewValue = "2" }] } },
        { nameof(ServiceSpec.AutoDeploy), "autoDeployTrigger", Web, Web with { AutoDeploy = AutoDeployTrigger.ChecksPass } },
        { nameof(ServiceSpec.Disk), "disk", Web, Web with { Disk = new DiskSpec("data", "/var/data", 20) } },
        { nameof(ServiceSpec.BuildFilter), "buildFilter", Web, Web with { BuildFilter = new BuildFilterSpec(["src/**"], ["docs/**"]) } },
        { nameof(ServiceSpec.Previews), "previews", Web, Web with { Previews = new ServicePreviews(PreviewGeneration.Manual, "starter", 2) } },
        { nameof(ServiceSpec.IpAllowList), "ipAllowList", Web, Web with { IpAllowList = [new IpAllowEntry("10.0.0.0/8", "office")] } },
        { nameof(ServiceSpec.PlatformSubdomain), "renderSubdomainPolicy", Web, Web with { PlatformSubdomain = false } },
        { nameof(ServiceSpec.MaintenanceMode), "maintenanceMode", Web, Web with { MaintenanceMode = new MaintenanceSpec(true, "https://example.com/back") } },
    };

    private static readonly DatabaseSpec Database = new() { Name = "thing" };

    private static readonly Samples<DatabaseSpec> Databases = new("databases", item => new ResourceLists { Databases = [item] }, plan => plan.Databases)
    {
        { nameof(DatabaseSpec.DatabaseName), "databaseName", Database, Database with { DatabaseName = "shop" } },
        { nameof(DatabaseSpec.User), "user", Database, Database with { User = "ada" } },
        { nameof(DatabaseSpec.Region), "region", Database, Database with { Region = "frankfurt" } },
        { nameof(DatabaseSpec.Plan), "plan", Database, Database with { Plan = "basic-1gb" } },
        { nameof(DatabaseSpec.DiskSizeGB), "diskSizeGB", Database, Database with { DiskSizeGB = 20 } },
        { nameof(DatabaseSpec.StorageAutoscaling), "storageAutoscalingEnabled", Database, Database with { StorageAutoscaling = true } },
        { nameof(DatabaseSpec.PreviewPlan), "previewPlan", Database, Database with { PreviewPlan = "basic-1gb" } },
        { nameof(DatabaseSpec.PreviewDiskSizeGB), "previewDiskSizeGB", Database, Database with { PreviewDiskSizeGB = 5 } },
        { nameof(DatabaseSpec.MajorVersion), "postgresMajorVersion", Database, Database with { MajorVersion = "16" } },
        { nameof(DatabaseSpec.HighAvailability), "highAvailability", Database, Database with { HighAvailability = true } },
        { nameof(DatabaseSpec.IpAllowList), "ipAllowList", Database, Database with { IpAllowList = [new IpAllowEntry("10.0.0.0/8", "office")] } },
        { nameof(DatabaseSpec.ReadReplicas), "readReplicas", Database, Database with { ReadReplicas = [new ReadReplicaSpec("copy")] } },
    };

    private static readonly KeyValueSpec Store = new() { Name = "thing", IpAllowList = [] };

    private static readonly Samples<KeyValueSpec> KeyValues = new("services", item => new ResourceLists { Services = [], KeyValues = [item] }, plan => plan.KeyValues)
    {
        { nameof(KeyValueSpec.Region), "region", Store, Store with { Region = "frankfurt" } },
        { nameof(KeyValueSpec.Plan), "plan", Store, Store with { Plan = "standard" } },
        { nameof(KeyValueSpec.PreviewPlan), "previewPlan", Store, Store with { PreviewPlan = "standard" } },
        { nameof(KeyValueSpec.IpAllowList), "ipAllowList", Store, Store with { IpAllowList = [new IpAllowEntry("10.0.0.0/8", "office")] } },
        { nameof(KeyValueSpec.MaxMemoryPolicy), "maxmemoryPolicy", Store, Store with { MaxMemoryPolicy = MaxMemoryPolicy.VolatileTtl } },
        { nameof(KeyValueSpec.PersistenceMode), "persistenceMode", Store, Store with { PersistenceMode = PersistenceMode.Off } },
    };

    [Fact]
    public void Every_field_has_a_sample()
    {
        Services.RequireAll(Identity);
        Databases.RequireAll(Identity);
        KeyValues.RequireAll(Identity);
    }

    [Fact]
    public void Every_field_is_written_and_read_back()
    {
        Services.RequireRoundTrip();
        Databases.RequireRoundTrip();
        KeyValues.RequireRoundTrip();
    }

    [Fact]
    public void A_change_of_any_field_is_planned_by_its_name()
    {
        Services.RequirePlanned();
        Databases.RequirePlanned();
        KeyValues.RequirePlanned();
    }

    [Fact]
    public void A_field_that_the_file_omits_is_kept_or_cleared_as_stated()
    {
        Services.RequireMerged(Cleared, Required);
        Databases.RequireMerged([], []);
        // The parser asks for it, also where there is nothing to allow.
        KeyValues.RequireMerged([], [nameof(KeyValueSpec.IpAllowList)]);
    }

    /// <param name="list">Of the file, for messages.</param>
    private sealed class Samples<T>(string list, Func<T, ResourceLists> lists, Func<BlueprintPlan, ValueList<ResourcePlan<T>>> plans)
        : List<(string Property, string Field, T Plain, T Changed)>
        where T : class
    {
        public void Add(string property, string field, T plain, T changed) => Add((property, field, plain, changed));

        public void RequireAll(string[] except)
        {
            var wanted = typeof(T).GetProperties().Select(property => property.Name).Except(except).Order();
            Assert.Equal(wanted, this.Select(sample => sample.Property).Order());
            foreach (var sample in this)
                RequireFilled(typeof(T).GetProperty(sample.Property)!.GetValue(sample.Changed), $"{list}.{sample.Property}");
        }

        public void RequireRoundTrip()
        {
            foreach (var (property, _, _, changed) in this)
            {
                var text = BlueprintWriter.Write(File(changed));
                var parsed = BlueprintParser.Parse(text);
                Assert.False(parsed.HasErrors, $"{property}: {string.Join('\n', parsed.Diagnostics)}\n{text}");
                Assert.Equal(File(changed), parsed.File);
            }
        }

        public void RequirePlanned()
        {
            foreach (var (property, field, plain, changed) in this)
            {
                var plan = Assert.Single(plans(Planner.Plan(File(changed), File(plain))));
                Assert.True(plan.Action == PlanAction.Update, $"{property}: {plan.Action}");
                Assert.Contains(plan.Changes, change => change.Path == field || change.Path.StartsWith($"{field}.", StringComparison.Ordinal) || change.Path.StartsWith($"{field}[", StringComparison.Ordinal));
                var value = typeof(T).GetProperty(property)!;
                Assert.Equal(value.GetValue(changed), value.GetValue(plan.Target));
            }
        }

        public void RequireMerged(string[] cleared, string[] required)
        {
            foreach (var (property, _, plain, changed) in this.Where(sample => !required.Contains(sample.Property)))
            {
                var plan = Assert.Single(plans(Planner.Plan(File(plain), File(changed))));
                var value = typeof(T).GetProperty(property)!;
                var isKept = Equals(value.GetValue(changed), value.GetValue(plan.Target));
                Assert.True(isKept != cleared.Contains(property), $"{property} is {(isKept ? "kept" : "cleared")}");
            }
        }

        private BlueprintFile File(T item) => new() { Resources = lists(item) };

        /// <summary>A part that is not set would not be tested.</summary>
        private static void RequireFilled(object? value, string path)
        {
            if (value is null)
                Assert.Fail($"{path} is not set in its sample.");
            if (value is System.Collections.IEnumerable items and not string)
                foreach (var item in items)
                    RequireFilled(item, $"{path}[]");
            else if (value.GetType() is { IsClass: true } type && type != typeof(string))
                foreach (var part in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(part => part.Name != nameof(EnvVar.Origin)))
                    RequireFilled(part.GetValue(value), $"{path}.{part.Name}");
        }
    }
}
