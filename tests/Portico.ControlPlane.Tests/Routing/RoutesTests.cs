using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Routing;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Routing;

/// <summary>What the routes and health checks make of the rows of a service.</summary>
public sealed class RoutesTests : IAsyncLifetime
{
    private const string Service = "srv-aaaaaaaaaaaaaaaaaaaa";
    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await SimPlatform.StartAsync(Token, settings => settings with
        {
            TrustedProxies = [System.Net.IPNetwork.Parse("10.0.0.0/8")],
            Edge = settings.Edge with { HeaderFields = 77 },
        });
        await using var db = await _platform.OpenAsync(Token);
        db.Services.Add(ServiceOf(Service, "web", ServiceType.WebService));
        await db.SaveChangesAsync(Token);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_service_whose_newest_deploy_failed_with_nothing_live_is_told_apart()
    {
        Assert.False((await RouteAsync()).DeployFailed);
        await AddDeployAsync("dep-a", DeployStatus.BuildFailed, 0);
        Assert.True((await RouteAsync()).DeployFailed);
        await AddDeployAsync("dep-b", DeployStatus.BuildInProgress, 1);
        Assert.False((await RouteAsync()).DeployFailed);
        await AddDeployAsync("dep-c", DeployStatus.UpdateFailed, 2);
        Assert.True((await RouteAsync()).DeployFailed);
    }

    [Fact]
    public async Task The_routes_carry_the_limits_and_the_proxies_of_the_settings()
    {
        var snapshot = await BuildAsync();
        Assert.Equal(["10.0.0.0/8"], snapshot.TrustedProxies);
        Assert.Equal((77, ClientLimits.DefaultTargetBytes), (snapshot.Limits.HeaderFields, snapshot.Limits.TargetBytes));
    }

    [Fact]
    public async Task Health_checks_name_the_first_custom_domain_or_else_the_services_own_host()
    {
        Assert.Equal("web.localhost", await HostAsync());
        await AddDomainAsync("not-verified.example.org", verified: null);
        await AddDomainAsync("*.example.org", verified: 1);
        await AddDomainAsync("www.example.org", verified: 2, redirectTo: "example.org");
        Assert.Equal("web.localhost", await HostAsync());
        await AddDomainAsync("example.org", verified: 3);
        await AddDomainAsync("another.example.org", verified: 4);
        Assert.Equal("example.org", await HostAsync());
        var worker = ServiceOf("srv-bbbbbbbbbbbbbbbbbbbb", "worker", ServiceType.PrivateService);
        await using var db = await _platform.OpenAsync(Token);
        Assert.Null(await _platform.Get<PublicHosts>().OfAsync(db, worker, Token));
    }

    private async Task<string?> HostAsync()
    {
        await using var db = await _platform.OpenAsync(Token);
        return await _platform.Get<PublicHosts>().OfAsync(db, db.Services.Single(row => row.Id == Service), Token);
    }

    private async Task<ServiceRoute> RouteAsync() => Assert.Single((await BuildAsync()).Services);

    private async Task<RoutesSnapshot> BuildAsync() => _platform.Get<RoutesBuilder>().Build(
        1, await _platform.Get<RouteRowsReader>().ReadAsync(Token), _platform.Get<IEngine>().Observe(), (_, make) => make());

    private async Task AddDeployAsync(string id, DeployStatus status, int after)
    {
        await using var db = await _platform.OpenAsync(Token);
        var at = _platform.Time.GetUtcNow().AddSeconds(after);
        db.Deploys.Add(new DeployRow
        {
            Id = id,
            ServiceId = Service,
            Status = status,
            StatusSince = at,
            Trigger = default,
            Reason = "test",
            Settings = new ServiceSettings { Runtime = "node" },
            CreatedAt = at,
        });
        await db.SaveChangesAsync(Token);
    }

    private async Task AddDomainAsync(string name, int? verified, string? redirectTo = null)
    {
        await using var db = await _platform.OpenAsync(Token);
        var now = _platform.Time.GetUtcNow();
        db.CustomDomains.Add(new CustomDomainRow
        {
            Id = $"cdm-{name}",
            WorkspaceId = _platform.Workspace,
            ServiceId = Service,
            Name = name,
            RedirectForName = redirectTo,
            VerifiedAt = verified is { } seconds ? now.AddSeconds(seconds) : null,
            CheckAt = now,
            CreatedAt = now,
        });
        await db.SaveChangesAsync(Token);
    }

    private ServiceRow ServiceOf(string id, string name, ServiceType type) => new()
    {
        Id = id,
        WorkspaceId = _platform.Workspace,
        Name = name,
        Slug = name,
        Type = type,
        Settings = new ServiceSettings { Runtime = "node" },
        CreatedAt = _platform.Time.GetUtcNow(),
        UpdatedAt = _platform.Time.GetUtcNow(),
    };
}
