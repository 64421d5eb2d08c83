using Portico.Api.Contracts.Platform;

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
