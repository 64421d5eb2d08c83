namespace Portico.ControlPlane.State;

/// <summary>A webhook to which events of a workspace are sent.</summary>
internal sealed class WebhookRow : IOwned
{
    /// <summary><c>whk-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public required string Name { get; set; }

    public required string Url { get; set; }

    /// <summary>The secret that messages are signed with: <c>whsec_</c> and the key in base64.</summary>
    public required string Secret { get; init; }

    public required bool Enabled { get; set; }

    /// <summary>Types of events, separated by commas; empty for all types.</summary>
    public required string EventFilter { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last accepted a message.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    public int Version { get; set; }

    public IReadOnlyList<string> Types => EventFilter.Length == 0 ? [] : EventFilter.Split(',');

    public bool Wants(string type) => EventFilter.Length == 0 || Types.Contains(type);
}
