using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Tests.Platform;

public sealed class EdgeSettingsTests
{
    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var settings = Load([]);
        Assert.Equal(new EdgeSettings { TargetBytes = 16384, HeaderBytes = 65536, HeaderFields = 200 }, settings.Edge);
        Assert.Empty(settings.TrustedProxies);
    }

    [Fact]
    public void What_is_set_counts()
    {
        var settings = Load(new()
        {
            ["PORTICO_EDGE_CONNECTIONS"] = "5000",
            ["PORTICO_EDGE_CONNECTIONS_PER_ADDRESS"] = "50",
            ["PORTICO_EDGE_TARGET_BYTES"] = "32768",
            ["PORTICO_EDGE_HEADER_BYTES"] = "8192",
            ["PORTICO_EDGE_HEADER_FIELDS"] = "100",
            ["PORTICO_TRUSTED_PROXIES"] = "10.0.0.1/8, 127.0.0.1,fd00::/8",
        });
        Assert.Equal(new EdgeSettings { Connections = 5000, ConnectionsPerAddress = 50, TargetBytes = 32768, HeaderBytes = 8192, HeaderFields = 100 }, settings.Edge);
        Assert.Equal(["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"], settings.TrustedProxies.Select(proxy => proxy.ToString()));
    }

    [Theory]
    [InlineData("PORTICO_TRUSTED_PROXIES", "proxy.example.org")]
    [InlineData("PORTICO_EDGE_TARGET_BYTES", "100")]
    [InlineData("PORTICO_EDGE_HEADER_FIELDS", "many")]
    public void What_cannot_be_used_is_refused(string name, string value) =>
        Assert.Contains(name, Assert.Throws<SettingsException>(() => Load(new() { [name] = value })).Message, StringComparison.Ordinal);

    private static PlatformSettings Load(Dictionary<string, string> environment) =>
        PlatformSettings.Load(new Dictionary<string, string>(environment) { ["PORTICO_HOME"] = "/nowhere" });
}
