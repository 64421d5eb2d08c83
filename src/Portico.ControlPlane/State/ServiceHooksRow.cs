namespace Portico.ControlPlane.State;

/// <summary>The secrets with which external systems can trigger deploys of a service.</summary>
internal sealed class ServiceHooksRow
{
    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    /// <summary>The key in the deploy hook's URL. Encrypted at rest, not hashed, because it can be shown again.</summary>
    public required string DeployKey { get; set; }

    /// <summary>The secret with which the Git provider signs its webhooks. Encrypted at rest.</summary>
    public required string WebhookSecret { get; set; }

    public int Version { get; set; }
}
