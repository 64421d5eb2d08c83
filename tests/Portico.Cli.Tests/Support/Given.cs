using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;

namespace Portico.Cli.Tests.Support;

/// <summary>Answers of a server.</summary>
internal static class Given
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public static PlatformStatus Status(params ResourceStatus[] resources) => new()
    {
        Version = AppVersion.Number,
        ServerProcessId = 0,
        HttpPort = 8080,
        Resources = resources,
    };

    public static ResourceStatus Service(
        string name, string status = "live", string deploy = "live", ResourceProgress? progress = null, ResourceFailure? failure = null) => new()
        {
            Name = name,
            Id = $"srv-{name}",
            Type = "web_service",
            Status = status,
            Url = $"http://{name}.localhost:8080",
            InternalAddress = $"{name}:10000",
            Deploy = new DeploySummary(
                $"dep-{name}", deploy, Commit, DateTimeOffset.UnixEpoch, deploy == "live" ? DateTimeOffset.UnixEpoch.AddSeconds(5) : null),
            Instances = [new InstanceSummary($"srv-{name}-abcde", 4711, "ready")],
            Progress = progress,
            Failure = failure,
        };

    public static ResourceStatus Database(string name, string status = "available") => new()
    {
        Name = name,
        Id = $"dpg-{name}",
        Type = "postgres",
        Status = status,
        InternalAddress = $"{name}:5432",
        Instances = [],
    };

    public static Deploy Deploy(string id, string status = "live") => new()
    {
        Id = id,
        Commit = new DeployCommit(Commit, "Add a page\n\nWith a reason.", DateTimeOffset.UnixEpoch),
        Status = status,
        Trigger = "api",
        CreatedAt = DateTimeOffset.UnixEpoch,
        StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1),
        FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(5.5),
    };

    /// <summary>A service as Render's API shows it.</summary>
    public static Service Wire(string id, string autoDeploy = "yes", string suspended = "not_suspended", AutoscalingConfig? autoscaling = null) => new()
    {
        Id = id,
        AutoDeploy = autoDeploy,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        DashboardUrl = "",
        Name = id["srv-".Length..],
        NotifyOnFail = "default",
        OwnerId = "tea-1",
        RootDir = "",
        Slug = id,
        Suspended = suspended,
        Suspenders = [],
        Type = "web_service",
        ServiceDetails = new ServiceDetails { BuildPlan = "starter", Autoscaling = autoscaling },
    };

    public static PostgresDetail Postgres(string name, Owner owner) => new()
    {
        Id = $"dpg-{name}",
        IpAllowList = [],
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        DashboardUrl = "",
        DatabaseName = "db",
        DatabaseUser = "user",
        HighAvailabilityEnabled = false,
        Name = name,
        Owner = owner,
        Plan = "basic_256mb",
        Region = "oregon",
        ReadReplicas = [],
        Role = "primary",
        Status = "creating",
        Version = "18",
        Suspended = "not_suspended",
        Suspenders = [],
        DiskAutoscalingEnabled = false,
        ConnectionPool = "off",
    };

    public static KeyValueDetail KeyValue(string name, Owner owner) => new()
    {
        Id = $"red-{name}",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        Status = "creating",
        Region = "oregon",
        Plan = "starter",
        Name = name,
        Owner = owner,
        Options = new KeyValueOptions("allkeys_lru", "snapshot"),
        IpAllowList = [],
        Version = "8",
    };

    public static CustomDomain Domain(string name, string status, string redirect = "") => new()
    {
        Id = "cdm-1",
        Name = name,
        DomainType = "apex",
        PublicSuffix = "com",
        RedirectForName = redirect,
        VerificationStatus = status,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    public static Job Job(string status) => new()
    {
        Id = "job-1",
        ServiceId = "srv-api",
        StartCommand = "npm run migrate",
        PlanId = "plan-srv-006",
        Status = status,
        CreatedAt = DateTimeOffset.UnixEpoch,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = status is "pending" or "running" ? null : DateTimeOffset.UnixEpoch.AddSeconds(2),
    };

    public static BlueprintResult Applied(params PlannedChange[] changes) => new()
    {
        Applied = true,
        SyncId = "exe-1",
        Diagnostics = [],
        Changes = changes,
    };

    public static BlueprintResult Refused(params BlueprintDiagnostic[] diagnostics) => new()
    {
        Applied = false,
        Diagnostics = diagnostics,
    };

    public static BlueprintResult Asks(params RequiredValue[] required) => new()
    {
        Applied = false,
        Diagnostics = [],
        RequiredValues = required,
    };
}
