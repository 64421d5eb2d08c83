using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Tests.Platform;

public sealed class NetworkSettingTests
{
    [Fact]
    public void Range_of_the_private_network_is_chosen_unless_it_is_set()
    {
        Assert.Null(Load([]).Network);
        Assert.Equal("10.201.0.0/16", Load(new() { ["PORTICO_NETWORK"] = "10.201.0.0/16" }).Network.ToString());
    }

    [Theory]
    [InlineData("10.201.0.0/25")]
    [InlineData("10.201.0.0/7")]
    [InlineData("10.201.0.1/16")]
    [InlineData("fd00::/16")]
    [InlineData("ten")]
    public void Range_that_cannot_be_used_is_refused(string value)
    {
        var message = Assert.Throws<SettingsException>(() => Load(new() { ["PORTICO_NETWORK"] = value })).Message;
        Assert.Contains("PORTICO_NETWORK", message, StringComparison.Ordinal);
        Assert.Contains("from /8 to /24", message, StringComparison.Ordinal);
    }

    private static PlatformSettings Load(Dictionary<string, string> environment) => PlatformSettings.Load(environment);
}
