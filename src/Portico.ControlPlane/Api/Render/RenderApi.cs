using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Api.Render.Access;
using Portico.ControlPlane.Api.Render.Blueprints;
using Portico.ControlPlane.Api.Render.DataStores;
using Portico.ControlPlane.Api.Render.Deploys;
using Portico.ControlPlane.Api.Render.Jobs;
using Portico.ControlPlane.Api.Render.Logs;
using Portico.ControlPlane.Api.Render.Metrics;
using Portico.ControlPlane.Api.Render.Notifications;
using Portico.ControlPlane.Api.Render.Projects;
using Portico.ControlPlane.Api.Render.RegistryCredentials;
using Portico.ControlPlane.Api.Render.Services;
using Portico.ControlPlane.Api.Render.Variables;
using Portico.ControlPlane.Api.Requests;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Render's public API: https://api-docs.render.com. One file per resource.</summary>
internal static class RenderApi
{
    private const int LargestBody = 4 << 20;

    public static void MapRenderApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1").WithMetadata(new RequestSizeLimit(LargestBody));
        api.MapLogSearch();
        api.MapMembers();
        api.MapAuditLogs();
        api.MapProjects();
        api.MapEnvironments();
        api.MapRegistryCredentials();
        api.MapNotificationSettings();
        api.MapWebhooks();
        api.MapRenderBlueprints();
        api.MapDeviceLogin();
        api.MapOwners();
        api.MapServices();
        api.MapDeploys();
        api.MapEnvVars();
        api.MapSecretFiles();
        api.MapEnvGroups();
        api.MapHeaders();
        api.MapRoutes();
        api.MapMetrics();
        api.MapPostgres();
        api.MapPostgresUsers();
        api.MapPostgresQueries();
        api.MapPostgresParameters();
        api.MapKeyValue();
        api.MapDisks();
        api.MapOperations();
        api.MapInstances();
        api.MapEphemeralShells();
        api.MapEvents();
        api.MapJobs();
        api.MapCronRuns();
        api.MapCustomDomains();
        api.MapNotYet();
    }
}
