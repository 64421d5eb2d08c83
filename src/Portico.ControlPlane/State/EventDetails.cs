using System.Text.Json.Serialization;
using Portico.Api.Contracts.Render;

namespace Portico.ControlPlane.State;

/// <summary>The details of events in the format of Render's API (<c>serviceEventDetails</c>). They are stored as they are sent.</summary>
internal static class EventDetails
{
    public sealed record Nothing;

    public sealed record DeployTriggered
    {
        public bool FirstBuild { get; init; }

        public bool EnvUpdated { get; init; }

        public bool Manual { get; init; }

        public Actor? User { get; init; }

        public string? NewCommit { get; init; }

        public bool DeployedByRender { get; init; }

        public bool ClearCache { get; init; }

        public bool Rollback { get; init; }

        public string? RollbackTargetDeployId { get; init; }
    }

    public sealed record BuildStarted(string BuildId, DeployTriggered Trigger);

    public sealed record BuildEnded(string BuildId, string BuildStatus, EndReason Reason, int Status);

    public sealed record DeployStarted(string DeployId, DeployTriggered Trigger);

    public sealed record DeployEnded(string DeployId, string DeployStatus, EndReason Reason, int Status);

    public sealed record PreDeployStarted(string DeployCommandExecutionId, string DeployId);

    public sealed record PreDeployEnded(
        string DeployCommandExecutionId, string DeployId, string PreDeployStatus, EndReason Reason, int Status);

    /// <summary>The reason why something ended; empty on success.</summary>
    public sealed record EndReason
    {
        public IdOnly? BuildFailed { get; init; }

        public IdOnly? NewDeploy { get; init; }

        public Failure? Failure { get; init; }
    }

    public sealed record IdOnly(string Id);

    public sealed record Failure
    {
        public bool Evicted { get; init; }

        public int? NonZeroExit { get; init; }

        public bool? EarlyExit { get; init; }

        public OutOfMemory? OomKilled { get; init; }

        /// <summary>The reason as text.</summary>
        public string? TimedOutReason { get; init; }

        public long? TimedOutSeconds { get; init; }

        /// <summary>What is wrong, as shown to users, if no other field says it.</summary>
        public string? Unhealthy { get; init; }
    }

    /// <param name="MemoryLimit">The limit, for example <c>512Mi</c>.</param>
    public sealed record OutOfMemory(string MemoryLimit);

    public sealed record ServerFailed([property: JsonPropertyName("instanceID")] string InstanceId, Failure Reason);

    /// <param name="TriggeredByUser">The user; sent even if it is null.</param>
    public sealed record ServerRestarted(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? TriggeredByUser);

    public sealed record SuspenderAdded(string Actor, Actor? SuspendedByUser);

    public sealed record SuspenderRemoved(string Actor, Actor? ResumedByUser);

    public sealed record InstanceCountChanged(int FromInstances, int ToInstances);

    public sealed record AutoscalingConfigChanged(AutoscalingConfig? FromConfig, AutoscalingConfig ToConfig);

    public sealed record AutoscalingStarted(
        int FromInstances, int ToInstances, [property: JsonPropertyName("currentCPU")] int? CurrentCpu,
        [property: JsonPropertyName("targetCPU")] int? TargetCpu, int? CurrentMemory, int? TargetMemory);

    public sealed record AutoscalingEnded(int FromInstances, int ToInstances);

    public sealed record MaintenanceModeEnabled(bool Enabled);

    public sealed record MaintenanceModeUriUpdated(
        [property: JsonPropertyName("fromURI")] string FromUri, [property: JsonPropertyName("toURI")] string ToUri);

    public sealed record PlanChanged(string From, string To);

    public sealed record DiskCreated(string DiskId, [property: JsonPropertyName("sizeGB")] int SizeGB);

    public sealed record DiskUpdated(
        string DiskId, [property: JsonPropertyName("fromSizeGB")] int FromSizeGB, [property: JsonPropertyName("toSizeGB")] int ToSizeGB);

    public sealed record DiskDeleted(string DiskId);

    public sealed record AutoDeployDisabled(string Reason, string FromTrigger);

    public sealed record AutoDeployEnabled(string NewTrigger);

    /// <param name="Id">The id of the commit.</param>
    /// <param name="Url">A URL of the commit, or else of its repository.</param>
    public sealed record CommitIgnored(string Id, string Url);

    /// <param name="NewBranch">Always empty, because the service keeps following the branch by its name.</param>
    public sealed record BranchDeleted(string DeletedBranch, string NewBranch);

    public sealed record JobRunEnded(string JobId, string Status, Failure? Reason);

    /// <summary>The user who requested it; null if the platform did.</summary>
    public sealed record ByUser(Actor? User);

    public sealed record DiskSizeChanged(Actor? User, int FromDiskSize, int ToDiskSize);

    public sealed record ConfigRestart(string Reason, string Message);

    public sealed record CronJobRunStarted(string CronJobRunId);

    public sealed record CronJobRunEnded(string CronJobRunId, string Status, Failure? Reason, Actor? User);
}
