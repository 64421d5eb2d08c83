using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

/// <summary>All services and data stores of a workspace: <c>GET /portico/v1/overview?ownerId=…</c>.</summary>
/// <param name="Rows">In the order of their names.</param>
public sealed record Overview(IReadOnlyList<OverviewRow> Rows);

/// <summary>A change of an overview, as the stream sends it. The first one has all rows.</summary>
/// <param name="Number">Counts the messages of one stream from 1, so that a client notices a missing one.</param>
/// <param name="IsWhole">Whether these are all rows that there are.</param>
/// <param name="Rows">Rows that are new or have changed.</param>
/// <param name="Removed">Ids of rows that no longer exist.</param>
public sealed record OverviewChange(int Number, bool IsWhole, IReadOnlyList<OverviewRow> Rows, IReadOnlyList<string> Removed);

/// <summary>One service or data store in a list. Fields without a value are left out.</summary>
public sealed record OverviewRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>As in <see cref="ResourceStatus.Type"/>.</summary>
    public required string Type { get; init; }

    /// <summary>As in <see cref="ResourceStatus.Status"/>; data stores can also be <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The path of its page.</summary>
    public required string Path { get; init; }

    /// <summary>The public URL.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>The name of its project.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Project { get; init; }

    /// <summary>The name of its environment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Environment { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EnvironmentId { get; init; }

    /// <summary>The newest deploy; null for a data store.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OverviewDeploy? Deploy { get; init; }

    /// <summary>Why the newest deploy, or the data store, has failed, in one line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Failure { get; init; }

    /// <summary>What to try, in one line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; init; }

    /// <summary>How many instances are ready.</summary>
    public int Ready { get; init; }

    /// <summary>How many instances run.</summary>
    public int Instances { get; init; }

    /// <summary>A warning for the owner, for example that an app listens on localhost only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Warning { get; init; }

    /// <summary>Its requests in the last minute; null when it had none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OverviewTraffic? Traffic { get; init; }

    /// <summary>The id of its newest event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastEvent { get; init; }
}

/// <param name="Requests">The requests in the last minute that is complete.</param>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="ErrorPercent">How many of them were answered with a status of 500 or more.</param>
/// <param name="P95">The latency that 95 % of them did not exceed, in milliseconds.</param>
public sealed record OverviewTraffic(long Requests, double PerSecond, double ErrorPercent, double P95);

/// <param name="Status">Render's deploy statuses.</param>
/// <param name="Commit">The full commit id; null for an image, or while it is unknown.</param>
/// <param name="Message">The first line of the commit's message.</param>
/// <param name="Since">When it entered its status.</param>
public sealed record OverviewDeploy(
    string Id, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Commit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message, DateTimeOffset CreatedAt, DateTimeOffset Since);
