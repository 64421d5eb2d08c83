namespace Portico.ControlPlane.Api.Requests;

/// <summary>A filter by time. The bounds themselves are excluded; null means no bound.</summary>
internal readonly record struct TimeBounds(DateTimeOffset? Before, DateTimeOffset? After)
{
    public bool Contains(DateTimeOffset time) => !(time >= Before) && !(time <= After);
}
