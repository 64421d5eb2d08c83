using Portico.Testing;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>What a machine says about itself from a network namespace that stands for the outside. The machine is a test's own.</summary>
public sealed class OutsideTests : NetworkTest
{
    [Fact]
    public async Task Private_addresses_and_ports_do_not_answer_and_nothing_is_left()
    {
        await RunAsync(Server("a", One, Http("0.0.0.0", 3000)));
        // This one has the rights of a workload, and none of the machine's ports.
        await Machine.ServeAsync(Program($"import os;os.setuid({await AccountAsync()})", ("0.0.0.0", 7000)));
        var finding = await Machine.CheckOutsideAsync();
        Assert.Null(finding.Restriction);
        Assert.Empty(finding.Answering);
        // The instance, both services and both resolvers, and the port on the machine.
        Assert.Equal(6, finding.Tried);
        Assert.Empty(await DevicesAsync());
    }

    [Fact]
    public async Task Ports_of_the_platform_that_are_open_by_mistake_are_named()
    {
        await Machine.ServeAsync(
            Program($"# {Machine.Home}/x", ("0.0.0.0", 7001), ("::", 7002), (TestMachine.Address, 7003), ("127.0.0.1", 7004), ("0.0.0.0", 7005)));
        // What does not belong to the platform may listen where it likes.
        await Machine.ServeAsync(Program($"# {Machine.Home}-other", ("0.0.0.0", 7006)));
        var finding = await Machine.CheckOutsideAsync(7005);
        Assert.Null(finding.Restriction);
        Assert.Equal(["7001", "7002", "7003"], finding.Answering.Select(address => address[(address.LastIndexOf(':') + 1)..]).Distinct().Order());
        Assert.Contains($"{TestMachine.Address}:7003", finding.Answering);
        Assert.Contains(finding.Answering, address => address.StartsWith("[fd", StringComparison.Ordinal) && address.EndsWith("]:7002", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hole_in_the_packet_rules_is_found()
    {
        var instance = await RunAsync(Server("a", One, Http("0.0.0.0", 3000)));
        // The engine closes it again at some time, perhaps before the check.
        await Eventually.TrueAsync(async () =>
        {
            foreach (var chain in (string[])["network_prerouting", "network_forward"])
                await Machine.RunAsync("nft", "flush", "chain", "inet", $"portico_{Machine.Tag}", chain);
            return (await Machine.CheckOutsideAsync()).Answering.Contains($"{instance.Address!.Host}:3000");
        }, "the hole is found");
    }

    [Fact]
    public async Task Firewall_that_drops_what_comes_from_a_new_device_is_no_proof()
    {
        await Machine.RunAsync("nft", "add table inet t; add chain inet t i { type filter hook input priority 0; policy drop; }; add rule inet t i iifname { lo, out0 } accept");
        var finding = await Machine.CheckOutsideAsync();
        Assert.Contains("another packet filter", finding.Restriction, StringComparison.Ordinal);
        Assert.Empty(await DevicesAsync());
    }

    [Fact]
    public async Task Nothing_is_left_of_a_check_that_is_canceled()
    {
        await RunAsync(Server("a", One, Http("0.0.0.0", 3000)));
        await Machine.BeginOutsideCheckAsync();
        Assert.Equal("Canceled", (await Machine.CancelOutsideCheckAsync()).Restriction);
        Assert.Empty(await DevicesAsync());
        Assert.Null((await Machine.CheckOutsideAsync()).Restriction);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_check_whose_engine_is_killed()
    {
        await RunAsync(Server("a", One, Http("0.0.0.0", 3000)));
        await Machine.BeginOutsideCheckAsync();
        Assert.NotEmpty(await DevicesAsync());
        await Machine.KillAsync();
        await Eventually.TrueAsync(async () => (await DevicesAsync()).Length == 0, "no device is left");
        await Machine.StartAsync();
        Assert.Null((await Machine.CheckOutsideAsync()).Restriction);
    }

    private async Task<string> AccountAsync()
    {
        var instance = Assert.Single(Machine.Of("a"));
        return (await TestMachine.RunInAsync(instance, "stat", "-c", "%u", $"/proc/{instance.ProcessId}")).Output.Trim();
    }

    /// <summary>A Python program that listens and does nothing more.</summary>
    private static string Program(string start, params IEnumerable<(string Host, int Port)> sockets) =>
        $"import socket,time\n{start}\nservers=[socket.create_server((host,port),family=socket.AF_INET6 if ':' in host else socket.AF_INET) for host,port in "
        + $"[{string.Join(',', sockets.Select(socket => $"('{socket.Host}',{socket.Port})"))}]]\nprint('open')\nwhile 1: time.sleep(60)";

    private async Task<string[]> DevicesAsync() =>
        [.. (await Machine.RunAsync("ip", "-o", "link", "show")).Output.Split('\n').Where(line => line.Contains(": po", StringComparison.Ordinal))];
}
