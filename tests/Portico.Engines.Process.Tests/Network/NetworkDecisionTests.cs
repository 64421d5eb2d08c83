using System.Text.Json;
using Portico.Core.Engines;
using Portico.Engines.Process.Network;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>What is decided without a machine.</summary>
public sealed class NetworkDecisionTests
{
    private const string Tag = "0123456789";

    private static readonly NetworkPlan Plan = new(Tag, AddressBlock.Parse("10.201.0.0/16")!.Value, 15_001);

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("10.0.0.1/8", null)]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0/8", null)]
    [InlineData("::1", null)]
    [InlineData("default", null)]
    public void Block_is_parsed(string text, string? expected) => Assert.Equal(expected, AddressBlock.Parse(text)?.ToString());

    [Fact]
    public void Parts_of_the_range_have_the_addresses_that_the_callers_expect()
    {
        Assert.Equal(("10.201.0.1", "10.201.0.2"), (Plan.Gateway, Plan.ExternalSource));
        Assert.Equal(("10.201.64.0/18", "10.201.128.0/17", "10.201.240.0/20"), (Plan.Stores.ToString(), Plan.Upper.ToString(), Plan.Resolvers.ToString()));
        Assert.Equal(("10.201.0.16", "10.201.63.255"), (Plan.Range.At(Plan.Offsets.First), Plan.Range.At(Plan.Offsets.Last)));
    }

    [Fact]
    public void Names_of_devices_fit_into_the_kernels_limit()
    {
        var widest = new NetworkPlan(Tag, AddressBlock.Parse("10.0.0.0/8")!.Value, 1);
        Assert.True(widest.DeviceOf("10.127.255.255").Length <= 15);
        Assert.Equal("pt012345-4005", Plan.DeviceOf("10.201.64.5"));
    }

    [Fact]
    public void Range_that_the_machine_uses_is_never_chosen()
    {
        UsedBlock[] used = [new(AddressBlock.Parse("10.0.0.0/8")!.Value, "a route")];
        Assert.StartsWith("172.", RangeChoice.Choose(null, null, false, used, Tag)!.Value.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("172.", RangeChoice.Choose(null, Plan.Range, false, used, Tag)!.Value.ToString(), StringComparison.Ordinal);
        Assert.Equal(Plan.Range, RangeChoice.Choose("10.77.0.0/16", Plan.Range, hasWorkloads: true, used, Tag));
        Assert.Null(RangeChoice.Choose(null, null, false, [new(AddressBlock.Parse("0.0.0.0/0")!.Value, "all")], Tag));
        Assert.Throws<EngineStartException>(() => RangeChoice.Choose("10.77.0.0/16", null, false, used, Tag));
    }

    [Fact]
    public void Platforms_begin_with_different_ranges() =>
        Assert.NotEqual(RangeChoice.Choose(null, null, false, [], "0000000000"), RangeChoice.Choose(null, null, false, [], "0000010000"));

    [Fact]
    public void Routes_of_the_machine_are_read()
    {
        const string Routes = """
            default via 192.0.2.1 dev eth0
            192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.2
            10.201.0.17 dev pt012345-11 scope link src 10.201.0.1
            unreachable 10.9.0.0/16
            local 10.201.128.0/17 dev lo table local scope host
            broadcast 192.0.2.255 dev eth0 table local proto kernel scope link src 192.0.2.2
            """;
        var machine = MachineNetwork.Parse(Routes, "1: lo: <UP> mtu 65536 qdisc noqueue\n2: eth0@if3: <UP> mtu 1400 qdisc noqueue", Plan.DevicePrefix);
        Assert.Equal(["eth0"], machine.OutwardDevices);
        Assert.Equal(("eth0", 1400), (machine.DefaultDevice, machine.PacketSize));
        Assert.True(machine.HasRoute(Plan.Upper, "lo"));
        Assert.Contains(machine.Routes, route => route.Block.ToString() == "10.9.0.0/16");
    }

    [Fact]
    public void Only_what_changed_is_told_to_the_packet_filter()
    {
        var one = NetworkSets.Of([Content(1, "10.201.128.1", "10.201.128.2")], Plan.Upper);
        var two = NetworkSets.Of([Content(1, "10.201.128.2"), Content(2, "10.201.128.3", "10.201.64.1", "8.8.8.8")], Plan.Upper);
        Assert.Equal("", one.ChangesFrom(one, "t"));
        Assert.Equal(
            "delete element inet t services { 1342177281 . 10.201.128.1 }\nadd element inet t networks { 1342177282 . 1342177282 }\n"
            + "add element inet t services { 1342177282 . 10.201.128.3, 1342177282 . 10.201.240.2 }\n",
            two.ChangesFrom(one, "t"));
    }

    [Fact]
    public void Other_firewalls_are_changed_where_they_may_drop_something_and_once()
    {
        const string Before = """
            {"nftables": [
              {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
              {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "handle": 2, "type": "filter", "hook": "input", "prio": 0, "policy": "accept"}},
              {"chain": {"family": "inet", "table": "own", "name": "in", "handle": 3, "type": "filter", "hook": "input", "prio": 0, "policy": "accept"}},
              {"rule": {"family": "inet", "table": "own", "chain": "in", "handle": 4, "expr": [{"reject": null}]}},
              {"chain": {"family": "inet", "table": "portico_ffffffffff", "name": "network_forward", "handle": 3, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
              {"chain": {"family": "ip", "table": "nat", "name": "POSTROUTING", "handle": 5, "type": "nat", "hook": "postrouting", "prio": 100, "policy": "accept"}}
              {more}]}
            """;
        Assert.Equal(
            [
                "insert rule ip filter FORWARD iifname \"pt012345-*\" accept comment \"portico_0123456789\"\ninsert rule ip filter FORWARD oifname \"pt012345-*\" accept comment \"portico_0123456789\"\n",
                "insert rule inet own in iifname \"pt012345-*\" accept comment \"portico_0123456789\"\n",
            ],
            OtherFirewalls.Missing(Parse(Before, ""), Plan));
        const string More = """
            , {"rule": {"family": "ip", "table": "filter", "chain": "FORWARD", "handle": 10, "comment": "portico_0123456789", "expr": []}}
            , {"rule": {"family": "ip", "table": "filter", "chain": "FORWARD", "handle": 11, "comment": "portico_0123456789", "expr": []}}
            , {"rule": {"family": "inet", "table": "own", "chain": "in", "handle": 12, "comment": "portico_0123456789", "expr": []}}
            """;
        Assert.Empty(OtherFirewalls.Missing(Parse(Before, More), Plan));
        Assert.Equal(3, OtherFirewalls.Removal(Parse(Before, More), Tag).Count);
        Assert.Empty(OtherFirewalls.Removal(Parse(Before, More), "ffffffffff"));
    }

    [Fact]
    public void Addresses_are_used_again_as_late_as_possible()
    {
        var small = new NetworkPlan(Tag, AddressBlock.Parse("10.77.1.0/24")!.Value, 1);
        var pool = new AddressPool(small, first: 47);
        Assert.Equal(["10.77.1.63", "10.77.1.16"], [pool.Take(), pool.Take()]);
        pool.Free("10.77.1.63");
        Assert.Equal("10.77.1.17", pool.Take());
        Assert.Equal(46, Enumerable.Range(0, 46).Select(_ => pool.Take()).Distinct().Count());
        Assert.Throws<IOException>(() => pool.Take());
        Assert.Throws<ArgumentException>(() => pool.Take("10.77.1.1"));
        Assert.Equal("10.77.1.64", pool.Take("10.77.1.64"));
    }

    [Fact]
    public void Name_servers_are_read() =>
        Assert.Equal(["10.0.0.53", "fd00::1"], MachineNetwork.NameServers("# resolv.conf\nsearch example\nnameserver 10.0.0.53\n nameserver\tfd00::1\nnameserver x\n"));

    private static JsonElement Parse(string text, string more) => JsonElement.Parse(text.Replace("{more}", more, StringComparison.Ordinal));

    private static NetworkContent Content(int number, params string[] services) => new()
    {
        Id = $"tea-{number}",
        Number = number,
        Resolver = $"10.201.240.{number}",
        Names = new Dictionary<string, string>(),
        Services = services,
    };
}
