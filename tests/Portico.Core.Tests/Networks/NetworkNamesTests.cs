using Portico.Core.Networks;

namespace Portico.Core.Tests.Networks;

public sealed class NetworkNamesTests
{
    [Fact]
    public void A_resource_has_its_own_name_and_the_one_that_users_gave_it()
    {
        var names = NetworkNames.Of([Service("api-x8f2", "API", "10.0.128.1"), Store("red-1", "cache", "10.0.192.1")]);

        Assert.Equal(
            [("api", "10.0.128.1"), ("api-x8f2", "10.0.128.1"), ("cache", "10.0.192.1"), ("red-1", "10.0.192.1")],
            names.Select(item => (item.Key, item.Value)));
    }

    [Fact]
    public void Nobody_takes_the_own_name_of_another_resource()
    {
        var names = NetworkNames.Of([Service("evil", "api", "10.0.128.2"), Store("dpg-2-a", "dpg-1-a", "10.0.64.2"), Service("api", "first", "10.0.128.1"), Store("dpg-1-a", "db", "10.0.64.1")]);

        Assert.Equal("10.0.128.1", names["api"]);
        Assert.Equal("10.0.64.1", names["dpg-1-a"]);
    }

    [Fact]
    public void A_service_comes_before_a_data_store_of_the_same_name() =>
        Assert.Equal("10.0.128.1", NetworkNames.Of([Store("red-1", "redis", "10.0.192.1"), Service("redis-k2x1", "redis", "10.0.128.1")])["redis"]);

    [Theory]
    [InlineData("My-Api", "my-api")]
    [InlineData("my_db", "my_db")]
    [InlineData("my api", null)]
    [InlineData("a.b", null)]
    [InlineData("localhost", null)]
    [InlineData("127", null)]
    [InlineData("-api", null)]
    [InlineData("", null)]
    [InlineData("größe", null)]
    public void Only_a_label_is_a_host_name(string given, string? expected) => Assert.Equal(expected, NetworkNames.HostNameOf(given));

    private static NetworkMember Service(string slug, string name, string address) => new("tea-1", slug, name, address, IsService: true, AtEdge: true);

    private static NetworkMember Store(string id, string name, string address) => new("tea-1", id, name, address, IsService: false, AtEdge: false);
}
