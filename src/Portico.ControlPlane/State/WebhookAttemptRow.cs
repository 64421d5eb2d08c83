namespace Portico.ControlPlane.State;

/// <summary>One attempt to send an event to a webhook, and its result.</summary>
internal sealed class WebhookAttemptRow
{
    /// <summary><c>whe-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WebhookRow))]
    public required string WebhookId { get; init; }

    [NotOwned("What was sent stays listed when the event is deleted with its resource.")]
    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The status code; null if there was no response.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The beginning of the response body.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>Why the attempt failed, as shown to users.</summary>
    public string? Error { get; init; }
}
