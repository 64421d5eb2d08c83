using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.DataStores;

namespace Portico.RenderApi.Tests.Server;

/// <summary>The real API on a real socket and database; only the engine and the edge are simulated.</summary>
internal sealed class RenderServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Endpoint, int> _answered = new();
    private readonly ConcurrentQueue<RouteEndpoint> _asked = new();
    private readonly WebApplication _app;

    private RenderServer(SimPlatform platform, WebApplication app, Cast cast, ErrorLog errors)
    {
        (Platform, _app, Cast, Errors) = (platform, app, cast, errors);
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public SimPlatform Platform { get; }

    public Uri Address { get; }

    public Cast Cast { get; }

    public ErrorLog Errors { get; }

    /// <summary>Sends no key by itself.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Every route that exists.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Whether there is an endpoint for this operation of Render's.</summary>
    public bool Implements(string operation) => Endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()?.Id == operation);

    /// <summary>The routes that have given at least one answer other than a refusal.</summary>
    public IEnumerable<RouteEndpoint> Answered => _answered.Keys.OfType<RouteEndpoint>();

    /// <summary>The routes that were asked for since <see cref="ForgetAsked"/>, in that order.</summary>
    public IEnumerable<RouteEndpoint> Asked => _asked;

    public void ForgetAsked() => _asked.Clear();

    public static async Task<RenderServer> StartAsync(CancellationToken cancellationToken)
    {
        var platform = await SimPlatform.StartAsync(cancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var errors = new ErrorLog();
        builder.Logging.ClearProviders().AddProvider(errors);
        RegisterWithoutBackground(builder.Services, platform);
        // A simulated database knows nothing but the question.
        builder.Services.AddSingleton<QueryPostgres>((_, sql, _) => Task.FromResult(new JsonArray(new JsonObject { ["asked"] = sql }).ToJsonString()));
        builder.Services.AddSingleton(new EdgeProgram("/nowhere", "/nowhere")).AddSingleton<EdgeHost>().AddSingleton<PlatformStopper>();
        builder.Services.AddControlPlaneApi();
        var app = builder.Build();
        RenderServer? server = null;
        app.Use((context, next) => server!.RememberAsync(context, next));
        app.UseControlPlaneApi();
        await app.StartAsync(cancellationToken);
        app.Services.GetRequiredService<OwnerKey>();
        var key = (await File.ReadAllTextAsync(platform.Paths.ApiKey, cancellationToken)).Trim();
        return server = new RenderServer(platform, app, await Cast.CreateAsync(platform, key, cancellationToken), errors);
    }

    /// <summary>Sends a request as somebody.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Someone by, CancellationToken cancellationToken)
    {
        if (by.Key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by.Key);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
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
        if (context.GetEndpoint() is RouteEndpoint asked)
            _asked.Enqueue(asked);
        await next(context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest && context.GetEndpoint() is { } endpoint)
            _answered.AddOrUpdate(endpoint, 1, static (_, count) => count + 1);
    }
}
