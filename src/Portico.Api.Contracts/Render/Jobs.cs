using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A command that runs once in a service's live deploy.</summary>
public sealed record Job
{
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    public required string StartCommand { get; init; }

    public required string PlanId { get; init; }

    /// <summary><c>pending running succeeded failed canceled</c>.</summary>
    public string? Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

public sealed record JobWithCursor(Job Job, string Cursor);

/// <param name="PlanId">The plan; null or empty for the service's plan.</param>
public sealed record JobPost(string StartCommand, string? PlanId = null);

/// <summary>A run of a cron job.</summary>
public sealed record CronJobRun
{
    public required string Id { get; init; }

    /// <summary><c>pending successful unsuccessful canceled</c>.</summary>
    public required string Status { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? TriggeredBy { get; init; }

    public string? CanceledBy { get; init; }
}

[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(IReadOnlyList<JobWithCursor>))]
[JsonSerializable(typeof(JobPost))]
[JsonSerializable(typeof(CronJobRun))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class JobsJson : JsonSerializerContext;
