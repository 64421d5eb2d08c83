using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>The whole API over real HTTP and a real database; engine, edge and data stores are simulated. Nothing runs in the
/// background: a test lets time pass with <see cref="SimPlatform.PassAsync"/>.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<HttpClient> _clients = [];

    private ApiHost(SimPlatform platform, WebApplication app)
    {
        (Platform, _app) = (platform, app);
        Stranger = Client(null);
        _app.Services.GetRequiredService<OwnerKey>();
        Owner = Client(File.ReadAllText(platform.Paths.ApiKey).Trim());
    }

    public SimPlatform Platform { get; }

    public HttpClient Stranger { get; }

    /// <summary>Admin of the first workspace.</summary>
    public HttpClient Owner { get; }

    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>What the API itself uses; the platform's own are others, on the same files.</summary>
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>
    /// Starts one that takes pushes. The API knows which commits have just been pushed, and the platform's sweeper, which is another
    /// process here, does not: it has its first turn before there is a push.
    /// </summary>
    public static async Task<ApiHost> StartForPushesAsync(
        CancellationToken cancellationToken, Func<PlatformSettings, PlatformSettings>? configure = null)
    {
        var host = await StartAsync(cancellationToken, configure);
        await host.Platform.PassAsync(cancellationToken);
        return host;
    }

    public static async Task<ApiHost> StartAsync(
        CancellationToken cancellationToken, Func<PlatformSettings, PlatformSettings>? configure = null)
    {
        var platform = await SimPlatform.StartAsync(cancellationToken, configure);
        platform.FollowsPushes = false;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddLogging();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var before = builder.Services.ToHashSet();
        platform.Register(builder.Services);
        foreach (var hosted in builder.Services.Where(item => item.ServiceType == typeof(IHostedService) && !before.Contains(item)).ToList())
            builder.Services.Remove(hosted);
        // The platform's loops run in the SimPlatform; only this one belongs to the requests that the API answers.
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ApiKeyUsage>());
        builder.Services.AddSingleton(new EdgeProgram("/nowhere", "/nowhere")).AddSingleton<EdgeHost>().AddSingleton<PlatformStopper>();
        builder.Services.AddControlPlaneApi();
        var app = builder.Build();
        app.UseControlPlaneApi();
        await app.StartAsync(cancellationToken);
        return new ApiHost(platform, app);
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(client);
        return client;
    }

    /// <summary>A new user with that role.</summary>
    /// <param name="workspace">Null: a new one of their own.</param>
    public async Task<HttpClient> MemberAsync(Role role, string? workspace, CancellationToken cancellationToken)
    {
        await using var db = await Platform.OpenAsync(cancellationToken);
        var ids = Platform.Get<IdSource>();
        var (now, user, key) = (Platform.Time.GetUtcNow(), ids.New<UserId>().Value, KeyText.Create());
        if (workspace is null)
        {
            workspace = ids.New<WorkspaceId>().Value;
            db.Workspaces.Add(new WorkspaceRow { Id = workspace, Name = $"Of {user}", Email = $"{user}@example.org", CreatedAt = now });
        }
        db.Users.Add(new UserRow { Id = user, Name = $"{role}", Email = $"{user}@example.org", CreatedAt = now });
        db.Members.Add(new MemberRow { WorkspaceId = workspace, UserId = user, Role = role });
        db.ApiKeys.Add(new ApiKeyRow { Id = ids.New<ApiKeyId>().Value, UserId = user, Name = "test", Hash = KeyText.Hash(key), CreatedAt = now });
        await db.SaveChangesAsync(cancellationToken);
        return Client(key);
    }

    /// <summary>Invites a new user to a workspace, who follows the link.</summary>
    /// <returns>What they are shown, with their first key.</returns>
    public async Task<JsonElement> JoinAsync(string workspace, string email, Role role = Role.Developer)
    {
        var token = await InviteAsync(workspace, email, role);
        return await Stranger.CallAsync(HttpMethod.Post, "/portico/v1/invitations/accept", HttpStatusCode.OK, $$"""{"token":"{{token}}"}""");
    }

    /// <returns>The token of the invitation's link.</returns>
    public async Task<string> InviteAsync(string workspace, string email, Role role = Role.Developer, HttpClient? by = null)
    {
        var body = $$"""{"email":"{{email}}","role":"{{role.Name()}}"}""";
        var created = await (by ?? Owner).CallAsync(HttpMethod.Post, $"/portico/v1/workspaces/{workspace}/invitations", HttpStatusCode.Created, body);
        return created.Text("url").Split("?token=")[1];
    }

    /// <summary>Every refusal has this shape.</summary>
    public static async Task<ApiError> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var error = await response.Content.ReadFromJsonAsync(PlatformJson.Default.ApiError, cancellationToken);
        Assert.NotEmpty(error!.Id);
        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error.Message, StringComparison.Ordinal);
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await _app.DisposeAsync();
        await Platform.DisposeAsync();
    }
}
