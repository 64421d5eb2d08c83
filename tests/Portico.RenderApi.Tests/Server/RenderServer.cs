using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Server;

/// <summary>The real API on a real socket and database; only the engine and the edge are simulated.</summary>
internal sealed class RenderServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Endpoint, int> _answered = new();
    private readonly WebApplication _app;

    private RenderServer(SimPlatform platform, WebApplication app)
    {
        (Platform, _app) = (platform, app);
        Address = new Uri(app.Urls.Single());
        Stranger = new HttpClient { BaseAddress = Address };
        Owner = new HttpClient { BaseAddress = Address };
        app.Services.GetRequiredService<OwnerKey>();
        Key = File.ReadAllText(platform.Paths.ApiKey).Trim();
        Owner.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public SimPlatform Platform { get; }

    public Uri Address { get; }

    /// <summary>The owner's API key.</summary>
    public string Key { get; }

    public HttpClient Owner { get; }

    public HttpClient Stranger { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Every route that exists.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>The routes that have given at least one answer other than a refusal.</summary>
    public IEnumerable<RouteEndpoint> Answered => _answered.Keys.OfType<RouteEndpoint>();

    public static async Task<RenderServer> StartAsync(CancellationToken cancellationToken)
    {
        var platform = await SimPlatform.StartAsync(cancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        RegisterWithoutBackground(builder.Services, platform);
        builder.Services.AddSingleton(new EdgeProgram("/nowhere", "/nowhere")).AddSingleton<EdgeHost>().AddSingleton<PlatformStopper>();
        builder.Services.AddControlPlaneApi(platform.Paths);
        var app = builder.Build();
        RenderServer? server = null;
        app.Use((context, next) => server!.RememberAsync(context, next));
        app.UseControlPlaneApi();
        await app.StartAsync(cancellationToken);
        return server = new RenderServer(platform, app);
    }

    public async ValueTask DisposeAsync()
    {
        Stranger.Dispose();
        Owner.Dispose();
        await _app.DisposeAsync();
        await Platform.DisposeAsync();
    }

    /// <summary>Reconcilers run when a test says so, never by themselves.</summary>
    private static void RegisterWithoutBackground(IServiceCollection services, SimPlatform platform)
    {
        var before = services.ToHashSet();
        platform.Register(services);
        foreach (var hosted in services.Where(item => item.ServiceType == typeof(IHostedService) && !before.Contains(item)).ToList())
            services.Remove(hosted);
    }

    private async Task RememberAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest && context.GetEndpoint() is { } endpoint)
            _answered.AddOrUpdate(endpoint, 1, static (_, count) => count + 1);
    }
}
