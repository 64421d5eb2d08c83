namespace Portico.ControlPlane.State;

/// <summary>The secrets by which others have a service deployed.</summary>
public sealed class ServiceHooksRow
{
    public required string ServiceId { get; init; }

    /// <summary>In the URL of its deploy hook; encrypted at rest, as it can be shown again.</summary>
    public required string DeployKey { get; set; }

    /// <summary>With which whoever keeps the repository signs what it tells of pushes; encrypted at rest.</summary>
    public required string WebhookSecret { get; set; }

    public int Version { get; set; }
}
