using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Render;

/// <summary>The JSON context for members, keys and the smaller resources.</summary>
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
