using Microsoft.AspNetCore.Routing;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Who may do what, and the smaller resources.</summary>
internal static class AccessApi
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapMembers();
        routes.MapAuditLogs();
        routes.MapProjects();
        routes.MapEnvironments();
        routes.MapRegistryCredentials();
        routes.MapNotificationSettings();
        routes.MapWebhooks();
        routes.MapRenderBlueprints();
        routes.MapDeviceLogin();
    }
}
