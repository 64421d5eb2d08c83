using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.State;
using Portico.Core.Engines;
using Portico.Core.Routing;
using Portico.Core.Services;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Routing;

public sealed class RoutesBuilderTests
{
    private static readonly ServiceRow Service = new()
    {
        Id = "srv-1",
        WorkspaceId = "tea-1",
        Name = "api",
        Slug = "api",
        Type = ServiceType.WebService,
        Settings = Filled.Of<ServiceSettings>(),
        RoutedDeployId = "dep-1",
        CreatedAt = default,
        UpdatedAt = default,
    };

    /// <summary>The edge holds requests for a live service without instances, and answers 503 for an unhealthy one.</summary>
    [Theory]
    [InlineData(0.0, ServiceRouteState.Live)]
    [InlineData(1.0, ServiceRouteState.Live)]
    [InlineData(2.0, ServiceRouteState.Live)]
    [InlineData(4.0, ServiceRouteState.Unhealthy)]
    [InlineData(60.0, ServiceRouteState.Unhealthy)]
    [InlineData(null, ServiceRouteState.Unhealthy)]
    public void Requests_are_held_during_a_short_back_off_of_the_only_instance(double? seconds, ServiceRouteState expected)
    {
        var instance = new InstanceSnapshot
        {
            Id = new InstanceId("srv-1-abcde"),
            Revision = new RevisionId("dep-1"),
            Owner = "srv-1",
            Status = InstanceStatus.BackingOff,
            StartedAt = default,
            BackOff = seconds is { } length ? TimeSpan.FromSeconds(length) : null,
        };
        var settings = new PlatformSettings { Paths = new PlatformPaths("/nowhere") };
        var network = new PrivateNetwork(new SimEngine(new SimWorld(TimeProvider.System), new FaultPoints()));
        var addresses = new DataStoreAddresses(network, settings);
        var builder = new RoutesBuilder(settings, new PublishedSites("/nowhere", null!, null!), new NetworkRoutesBuilder(network, addresses), addresses);

        var routes = builder.Build(
            1, new RouteRows([Service], Array.Empty<CustomDomainRow>().ToLookup(row => row.ServiceId), [], new HashSet<string>()),
            new EngineSnapshot(1, [instance]), (_, make) => make());

        Assert.Equal(expected, Assert.Single(routes.Services).State);
    }
}
