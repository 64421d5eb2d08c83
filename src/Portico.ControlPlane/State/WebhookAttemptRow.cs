namespace Portico.ControlPlane.State;

/// <summary>One attempt to send an event to a webhook, and how it went.</summary>
public sealed class WebhookAttemptRow
{
    /// <summary><c>whe-</c>.</summary>
    public required string Id { get; init; }

    public required string WebhookId { get; init; }

    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Null where there was no answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Its beginning.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>Why the attempt failed, for a person.</summary>
    public string? Error { get; init; }
}
