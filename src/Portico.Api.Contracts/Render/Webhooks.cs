using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public sealed record Webhook
{
    /// <summary><c>whk-</c>.</summary>
    public required string Id { get; init; }

    public required string Url { get; init; }

    public required string Name { get; init; }

    /// <summary>The signing key: <c>whsec_</c> and base 64.</summary>
    public required string Secret { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>The types of events to send; empty for all.</summary>
    [JsonConverter(typeof(EmptyIsNullConverter<string>))]
    public required IReadOnlyList<string> EventFilter { get; init; }
}

public sealed record WebhookWithCursor(Webhook Webhook, string Cursor);

public sealed record WebhookPost(string OwnerId, string Url, string Name, bool Enabled, IReadOnlyList<string> EventFilter);

public sealed record WebhookPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Url { get; init; }

    [JsonConverter(typeof(OptionalConverter<bool>))]
    public Optional<bool> Enabled { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string>>))]
    public Optional<IReadOnlyList<string>> EventFilter { get; init; }
}

/// <summary>One attempt to send an event.</summary>
public sealed record WebhookEvent
{
    /// <summary><c>whe-</c>.</summary>
    public required string Id { get; init; }

    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public int? StatusCode { get; init; }

    public string? ResponseBody { get; init; }

    public string? Error { get; init; }
}

public sealed record WebhookEventWithCursor(WebhookEvent WebhookEvent, string Cursor);

[JsonSerializable(typeof(IReadOnlyList<WebhookWithCursor>))]
[JsonSerializable(typeof(WebhookPost))]
[JsonSerializable(typeof(WebhookPatch))]
[JsonSerializable(typeof(IReadOnlyList<WebhookEventWithCursor>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WebhooksJson : JsonSerializerContext;
