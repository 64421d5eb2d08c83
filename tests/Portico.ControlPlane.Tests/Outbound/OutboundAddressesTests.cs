using System.Net;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Outbound;

namespace Portico.ControlPlane.Tests.Outbound;

public sealed class OutboundAddressesTests
{
    private static readonly OutboundAddresses Public = new([]);

    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    public void Public_addresses_are_allowed(string address) => Assert.True(Public.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Others_are_not(string address) => Assert.False(Public.Allows(IPAddress.Parse(address)));

    [Fact]
    public void An_operator_allows_networks()
    {
        var addresses = new OutboundAddresses([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/8")]);

        Assert.True(addresses.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.True(addresses.Allows(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.True(addresses.Allows(IPAddress.Parse("fd00::1")));
        Assert.False(addresses.Allows(IPAddress.Parse("10.2.2.3")));
    }

    [Theory]
    [InlineData("10.201.0.1")]
    [InlineData("10.201.128.7")]
    [InlineData("::ffff:10.201.128.7")]
    public void No_setting_allows_the_addresses_of_services(string address)
    {
        IPNetwork[] anything = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];
        var addresses = new OutboundAddresses(anything, () => IPNetwork.Parse("10.201.0.0/16"));

        Assert.False(addresses.Allows(IPAddress.Parse(address)));
        Assert.False(addresses.AllowsOwner(IPAddress.Parse(address)));
        Assert.Contains("private network", addresses.Explain(address), StringComparison.Ordinal);
        Assert.True(addresses.Allows(IPAddress.Parse("10.202.0.1")));
        Assert.True(new OutboundAddresses(anything, () => null).Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.1.0.0/16, 127.0.0.1,fd00::/8", 3)]
    [InlineData("", 0)]
    public void Networks_are_a_setting(string text, int count) => Assert.Equal(count, Load(text).OutboundNetworks.Count);

    [Theory]
    [InlineData("10.1.0.0/33")]
    [InlineData("localhost")]
    public void A_network_that_is_none_is_refused_by_name(string text) =>
        Assert.Contains("PORTICO_OUTBOUND_NETWORKS", Assert.Throws<SettingsException>(() => Load(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("http://example.com:8080/hook?token=x")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    public void Urls_of_others_are_accepted(string text) => Assert.True(OutboundUrl.TryParse(text, Public, out _, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/hook")]
    [InlineData("example.com")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@example.com/")]
    [InlineData("https://example.com/#part")]
    [InlineData("http://localhost:8080/")]
    [InlineData("http://api.localhost./")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public void Urls_that_are_none_or_lead_inside_are_refused(string? text)
    {
        Assert.False(OutboundUrl.TryParse(text, Public, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    private static PlatformSettings Load(string networks) => PlatformSettings.Load(new Dictionary<string, string>
    {
        ["PORTICO_HOME"] = Path.Combine(Path.GetTempPath(), "portico-none"),
        ["PORTICO_OUTBOUND_NETWORKS"] = networks,
    });
}
