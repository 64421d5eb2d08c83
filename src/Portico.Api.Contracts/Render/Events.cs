using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>Something that happened to a service or data store.</summary>
public sealed record Event
{
    public required string Id { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The id of the service or data store.</summary>
    public required string ServiceId { get; init; }

    /// <summary>For example <c>deploy_ended</c>.</summary>
    public required string Type { get; init; }

    /// <summary>An object whose fields depend on <see cref="Type"/>.</summary>
    public required JsonElement Details { get; init; }
}

public sealed record EventWithCursor(Event Event, string Cursor);

[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(IReadOnlyList<EventWithCursor>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class EventsJson : JsonSerializerContext;
