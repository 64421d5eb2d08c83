using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

/// <summary>The one-off jobs of a service, or the runs of a cron job: <c>GET /portico/v1/services/{serviceId}/runs</c>.</summary>
/// <param name="Schedule">Null if it is no cron job.</param>
/// <param name="Runs">Newest first.</param>
public sealed record ServiceRuns(RunSchedule? Schedule, IReadOnlyList<ServiceRun> Runs);

/// <param name="Expression">The cron expression. Its times are UTC.</param>
/// <param name="Text">The expression in words; null for a rare one.</param>
/// <param name="Next">The next times; empty if it does not run by itself now.</param>
/// <param name="Paused">Why it does not run by itself; null if it does.</param>
public sealed record RunSchedule(string Expression, string? Text, IReadOnlyList<DateTimeOffset> Next, string? Paused);

/// <summary>A one-off job or a cron run. Fields without a value are left out.</summary>
public sealed record ServiceRun
{
    /// <summary>A <c>job-</c> or <c>crr-</c> id. The lines of the run have it as their instance.</summary>
    public required string Id { get; init; }

    public required string Command { get; init; }

    /// <summary><c>pending</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>canceled</c>, or <c>unknown</c> if it was running when the machine stopped.</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    /// <summary>Who started it; null for a scheduled run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestedBy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CanceledBy { get; init; }

    /// <summary>The time of the schedule; null for a run that a user started.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ScheduledFor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FinishedAt { get; init; }
}
