using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Api.Render.Blueprints;
using Portico.ControlPlane.Api.Render.Notifications;
using Portico.ControlPlane.Api.Render.Projects;
using Portico.ControlPlane.Api.Render.RegistryCredentials;

namespace Portico.ControlPlane.Api.Render.Access;

/// <summary>Access control, and resources with few operations.</summary>
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
