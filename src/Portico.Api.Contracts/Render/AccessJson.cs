using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>Who may do what, and the smaller resources.</summary>
internal static class AccessJson
{
    public static IJsonTypeInfoResolver Resolver { get; } = JsonTypeInfoResolver.Combine(
        AuditLogsJson.Default,
        DeviceLoginJson.Default,
        BlueprintsJson.Default,
        MembersJson.Default,
        NotificationsJson.Default,
        ProjectsJson.Default,
        RegistryCredentialsJson.Default,
        WebhooksJson.Default);
}
