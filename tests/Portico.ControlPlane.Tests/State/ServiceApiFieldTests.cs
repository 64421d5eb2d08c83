using System.Text.Json;
using System.Text.Json.Nodes;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Api.Render.Services;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.State;

/// <summary>Every setting of a service can be set by the bodies of Render's API, and is shown by it, but for stated exceptions.</summary>
public sealed class ServiceApiFieldTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>What Render's API has no field for, or the platform sets.</summary>
    private static readonly string[] NotInTheApi =
    [
        // By id in the API, and refused until images are supported.
        "Image.RegistryCredential", "Docker.RegistryCredential",
        // Only in Blueprints.
        "InitialDeployHook", "Previews.Plan", "Previews.NumInstances",
        // Where a disk's data lies, and since when.
        "Disk.Volume", "Disk.CreatedAt", "Disk.UpdatedAt",
        // Who set the repository, which only decides what may be reached.
        "Source.RepoSetBy",
    ];

    private const string Details = "serviceDetails", Commands = "serviceDetails.envSpecificDetails";

    private const string Scaling = """{"enabled":true,"min":2,"max":5,"criteria":{"cpu":{"enabled":true,"percentage":60},"memory":{"enabled":true,"percentage":70}}}""";
    private const string Disk = """{"name":"data","mountPath":"/data","sizeGB":20}""";
    private const string Maintenance = """{"enabled":true,"uri":"https://example.org/back"}""";
    private const string Filter = """{"paths":["src/**"],"ignoredPaths":["docs/**"]}""";

    /// <param name="Setting">Its path in <see cref="ServiceSettings"/>.</param>
    /// <param name="Field">Its path in the body.</param>
    /// <param name="Value">Another one than the default, as JSON.</param>
    private sealed record Sample(string Setting, string Field, string Value)
    {
        public ServiceType Type { get; init; } = ServiceType.WebService;

        public string Runtime { get; init; } = "node";

        /// <summary>Where an answer has it, when it is elsewhere; null: it has a call of its own.</summary>
        public string? Shown { get; init; } = Field;

        /// <summary>What is shown, when it is a part of the value.</summary>
        public string ShownValue { get; init; } = Value;

        /// <summary>False: it is fixed, or has a call of its own.</summary>
        public bool CanPatch { get; init; } = true;
    }

    private static readonly Sample[] Samples =
    [
        new("Runtime", $"{Details}.runtime", "\"python\""),
        new("Region", $"{Details}.region", "\"frankfurt\"") { CanPatch = false },
        new("Plan", $"{Details}.plan", "\"standard\""),
        new("Source.Repo", "repo", "\"https://example.org/b.git\""),
        new("Source.Branch", "branch", "\"next\""),
        new("Source.RootDir", "rootDir", "\"apps/web\""),
        new("Source.Filter.Paths", "buildFilter", Filter) { Shown = "buildFilter.paths", ShownValue = """["src/**"]""" },
        new("Source.Filter.IgnoredPaths", "buildFilter", Filter) { Shown = "buildFilter.ignoredPaths", ShownValue = """["docs/**"]""" },
        new("Image.Url", "image", """{"imagePath":"docker.io/library/nginx"}""") { Shown = "imagePath", ShownValue = "\"docker.io/library/nginx\"" },
        new("Docker.Command", $"{Commands}.dockerCommand", "\"serve\"") { Runtime = "docker" },
        new("Docker.Context", $"{Commands}.dockerContext", "\"apps\"") { Runtime = "docker" },
        new("Docker.DockerfilePath", $"{Commands}.dockerfilePath", "\"apps/Dockerfile\"") { Runtime = "docker" },
        new("BuildCommand", $"{Commands}.buildCommand", "\"make\""),
        new("StartCommand", $"{Commands}.startCommand", "\"serve\""),
        new("PreDeployCommand", $"{Details}.preDeployCommand", "\"migrate\"") { Shown = $"{Commands}.preDeployCommand" },
        new("NumInstances", $"{Details}.numInstances", "3") { CanPatch = false },
        new("Scaling.MinInstances", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.min", ShownValue = "2", CanPatch = false },
        new("Scaling.MaxInstances", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.max", ShownValue = "5", CanPatch = false },
        new("Scaling.TargetCpuPercent", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.criteria.cpu.percentage", ShownValue = "60", CanPatch = false },
        new("Scaling.TargetMemoryPercent", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.criteria.memory.percentage", ShownValue = "70", CanPatch = false },
        new("AutoscalingForm.Enabled", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.enabled", ShownValue = "true", CanPatch = false },
        new("AutoscalingForm.Min", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.min", ShownValue = "2", CanPatch = false },
        new("AutoscalingForm.Max", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.max", ShownValue = "5", CanPatch = false },
        new("AutoscalingForm.Cpu.Enabled", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.criteria.cpu.enabled", ShownValue = "true", CanPatch = false },
        new("AutoscalingForm.Cpu.Percentage", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.criteria.cpu.percentage", ShownValue = "60", CanPatch = false },
        new("AutoscalingForm.Memory.Enabled", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.criteria.memory.enabled", ShownValue = "true", CanPatch = false },
        new("AutoscalingForm.Memory.Percentage", $"{Details}.autoscaling", Scaling) { Shown = $"{Details}.autoscaling.criteria.memory.percentage", ShownValue = "70", CanPatch = false },
        new("HealthCheckPath", $"{Details}.healthCheckPath", "\"/up\""),
        new("MaxShutdownDelaySeconds", $"{Details}.maxShutdownDelaySeconds", "90"),
        new("Schedule", $"{Details}.schedule", "\"*/5 * * * *\"") { Type = ServiceType.CronJob },
        new("StaticPublishPath", $"{Details}.publishPath", "\"dist\"") { Type = ServiceType.StaticSite },
        new("Headers", $"{Details}.headers", """[{"path":"/*","name":"X-A","value":"a"}]""") { Type = ServiceType.StaticSite, Shown = null, CanPatch = false },
        new("Routes", $"{Details}.routes", """[{"type":"rewrite","source":"/*","destination":"/index.html"}]""") { Type = ServiceType.StaticSite, Shown = null, CanPatch = false },
        new("AutoDeploy", "autoDeployTrigger", "\"checksPass\""),
        new("Disk.Name", $"{Details}.disk", Disk) { Shown = $"{Details}.disk.name", ShownValue = "\"data\"", CanPatch = false },
        new("Disk.MountPath", $"{Details}.disk", Disk) { Shown = $"{Details}.disk.mountPath", ShownValue = "\"/data\"", CanPatch = false },
        new("Disk.SizeGB", $"{Details}.disk", Disk) { Shown = $"{Details}.disk.sizeGB", ShownValue = "20", CanPatch = false },
        new("Previews.Generation", $"{Details}.previews", """{"generation":"manual"}"""),
        new("IpAllowList", $"{Details}.ipAllowList", """[{"cidrBlock":"10.0.0.0/8","description":"office"}]"""),
        new("PlatformSubdomain", $"{Details}.renderSubdomainPolicy", "\"disabled\""),
        new("Maintenance.Enabled", $"{Details}.maintenanceMode", Maintenance),
        new("Maintenance.Uri", $"{Details}.maintenanceMode", Maintenance),
    ];

    [Fact]
    public void Every_setting_is_in_the_API_or_a_stated_exception() => Assert.Equal(
        Filled.Leaves(Filled.Of<ServiceSettings>()).Select(leaf => leaf.Path).Order(),
        Samples.Select(sample => sample.Setting).Concat(NotInTheApi).Order());

    [Fact]
    public void Every_setting_can_be_given_to_a_new_service()
    {
        foreach (var sample in Samples)
            Assert.NotEqual(Of(sample, New(sample, isSet: false)), Of(sample, New(sample, isSet: true)));
    }

    [Fact]
    public void Every_setting_can_be_changed_and_alone()
    {
        foreach (var sample in Samples.Where(sample => sample.CanPatch))
        {
            var before = New(sample, isSet: false);
            var after = ServicePatches.Apply(Set(new JsonObject(), sample).Deserialize<ServicePatch>(Json)!, before, sample.Type);
            Assert.Equal(Of(sample, New(sample, isSet: true)), Of(sample, after));
            var others = Samples.Where(other => other.Field != sample.Field).ToList();
            Assert.Equal(others.Select(other => Of(other, before)), others.Select(other => Of(other, after)));
        }
    }

    [Fact]
    public void A_change_of_nothing_changes_nothing()
    {
        var settings = Filled.Of<ServiceSettings>();

        var after = ServicePatches.Apply(new ServicePatch { ServiceDetails = new ServiceDetailsPatch() }, settings, ServiceType.WebService);

        Assert.Equal(StoredJson.Write(settings), StoredJson.Write(after));
    }

    [Fact]
    public void A_change_of_previews_keeps_what_the_API_has_no_field_for()
    {
        var settings = Filled.Of<ServiceSettings>();

        var after = ServicePatches.Apply(
            new ServicePatch { ServiceDetails = new ServiceDetailsPatch { Previews = new(new Portico.Api.Contracts.Render.ServicePreviews("automatic")) } },
            settings, ServiceType.WebService);

        Assert.Equal(settings.Previews! with { Generation = "Automatic" }, after.Previews);
    }

    private static InternalAddresses Addresses()
    {
        var engine = new SimEngine(new SimWorld(TimeProvider.System), new FaultPoints());
        return new InternalAddresses(new PrivateNetwork(engine), engine);
    }

    [Fact]
    public void Every_setting_is_shown()
    {
        var wire = new ServiceWire(Addresses(), new PlatformSettings { Paths = new PlatformPaths("/nowhere") }, new SshState());
        foreach (var sample in Samples.Where(sample => sample.Shown is not null))
        {
            var shown = JsonSerializer.SerializeToNode(wire.ToWire(Row(sample.Type, New(sample, isSet: true)), null), Json);
            foreach (var part in sample.Shown!.Split('.'))
                shown = shown![part];
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sample.ShownValue), shown), $"{sample.Shown}: {shown?.ToJsonString()}");
        }
    }

    private static ServiceSettings New(Sample sample, bool isSet)
    {
        var body = JsonNode.Parse($$"""
            {"type": "{{sample.Type.Name()}}", "name": "thing", "ownerId": "tea-1", "repo": "https://example.org/a.git", "serviceDetails": {"envSpecificDetails": {} } }
            """)!.AsObject();
        if (sample.Type != ServiceType.StaticSite)
            body["serviceDetails"]!["runtime"] = sample.Runtime;
        return ServicePosts.ToSettings((isSet ? Set(body, sample) : body).Deserialize<ServicePost>(Json)!, sample.Type);
    }

    private static JsonObject Set(JsonObject body, Sample sample)
    {
        var parts = sample.Field.Split('.');
        var inner = body;
        foreach (var part in parts[..^1])
            inner = (JsonObject)(inner[part] ??= new JsonObject());
        inner[parts[^1]] = JsonNode.Parse(sample.Value);
        return body;
    }

    private static string Of(Sample sample, ServiceSettings settings) =>
        StoredJson.Write(Filled.Leaves(settings).FirstOrDefault(leaf => leaf.Path == sample.Setting).Value);

    private static ServiceRow Row(ServiceType type, ServiceSettings settings) => new()
    {
        Id = "srv-1",
        WorkspaceId = "tea-1",
        Name = "thing",
        Slug = "thing",
        Type = type,
        Settings = settings,
        DiskId = "dsk-1",
        CreatedAt = default,
        UpdatedAt = default,
    };
}
