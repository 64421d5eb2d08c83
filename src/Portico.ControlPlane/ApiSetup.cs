using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Api;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Git;
using Portico.ControlPlane.Api.Mcp;
using Portico.ControlPlane.Api.Platform;
using Portico.ControlPlane.Api.Reference;
using Portico.ControlPlane.Api.Render;
using Portico.ControlPlane.Api.Render.DataStores;
using Portico.ControlPlane.Api.Render.Metrics;
using Portico.ControlPlane.Api.Render.Services;
using Portico.ControlPlane.Api.Render.Variables;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Api.Streams;

namespace Portico.ControlPlane;

/// <summary>Registers and maps all HTTP endpoints.</summary>
internal static class ApiSetup
{
    /// <summary>Registers the services of the API. Every endpoint requires authentication unless it allows anonymous requests.</summary>
    public static IServiceCollection AddControlPlaneApi(this IServiceCollection services)
    {
        services.AddSingleton<AccessWatch>().AddSingleton<RequestLimits>().AddSingleton<AuditLog>().AddSingleton<Joining>();
        services.AddSingleton<WebSocketStreams>();
        services.AddCallerAuthentication();
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddReference();
        services.AddSingleton<ReceivePack>().AddSingleton<PushProgress>();
        services.AddSingleton<ServiceWire>().AddSingleton<EnvGroupWire>().AddSingleton<KeyValueWire>().AddScoped<MetricsParameters>();
        services.AddPorticoMcp();
        services.AddExceptionHandler<ApiErrors>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            // What is not understood is refused, never ignored.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, PlatformJson.Default.WithAddedModifier(RenderJson.RefuseNullItems).WithAddedModifier(NullIsEmpty.Apply));
            // Quotes and letters of all languages as they are; < and > are escaped only for pages, and no answer is one.
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, RenderJson.Resolver.WithAddedModifier(NullIsEmpty.Apply));
        });
        return services;
    }

    public static void UseControlPlaneApi(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(context => BrowserPages.IsLost(context.HttpContext)
            ? BrowserPages.WriteNotFoundAsync(context.HttpContext)
            : ApiErrors.WriteForStatusAsync(context.HttpContext));
        var limits = app.Services.GetRequiredService<RequestLimits>();
        app.Use(limits.BeforeKeyAsync);
        // Before authentication, since a browser presents its half of a session as a protocol of the websocket.
        // Who is gone without a word is noticed, and no longer sent to.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.UseAuthentication();
        app.Use(limits.AfterKeyAsync);
        app.Use(app.Services.GetRequiredService<AuditLog>().InvokeAsync);
        app.UseAuthorization();
        app.UsePermissions();
        app.UseKnownCharset();
        app.UseJsonBodies();
        app.MapStatusPage();
        app.MapResourcePages();
        app.MapDevicePage();
        app.MapJoinPage();
        var api = app.MapGroup("/portico/v1");
        api.MapPlatform();
        api.MapBlueprints();
        api.MapSources();
        api.MapRepositories();
        api.MapServiceSources();
        api.MapResources();
        api.MapShells();
        api.MapSshKeys();
        api.MapKeyValueAuthentication();
        api.MapLogs();
        api.MapLogExplorer();
        api.MapKeys();
        api.MapWorkspaces();
        api.MapInvitations();
        api.MapLogins();
        api.MapSessions();
        api.MapOverview();
        api.MapReferences();
        api.MapMetricsPage();
        api.MapDeployDetails();
        api.MapServiceEnvironment();
        api.MapServiceDomains();
        api.MapServiceRuns();
        api.MapChoices();
        api.MapCode();
        api.MapDetection();
        api.MapRedelivery();
        app.MapGit();
        app.MapLfs();
        app.MapHooks();
        app.MapRenderApi();
        app.MapReference();
        app.MapPorticoMcp();
        app.RequirePermissionsEverywhere();
    }
}
