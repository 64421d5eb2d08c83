using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>Machines that lack something, ranges that are wrong or used up, and devices that exist already.</summary>
public sealed class NetworkRestrictionTests : NetworkTest
{
    protected override Task StartAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("mount --bind /dev/null $(command -v nft)", "cannot be set up")]
    [InlineData("mount --bind /dev/null $(command -v ip)", "cannot be set up")]
    [InlineData("mount --bind /dev/null /usr/bin/nsenter", "could not be connected")]
    [InlineData("mount -t tmpfs none $(dirname $(readlink -f $(command -v nft)))", "apt-get install")]
    public async Task Without_what_it_needs_there_is_none_and_services_run_as_before(string hide, string expected)
    {
        await Machine.StartAsync(null, "unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", $"{hide} && exec \"$0\"");
        Assert.Contains(expected, Machine.Network.Restriction, StringComparison.Ordinal);
        await Machine.EnsureAsync(Server("a", One, Python("import os,http.server;http.server.HTTPServer(('0.0.0.0',int(os.environ['PORT'])),http.server.BaseHTTPRequestHandler).serve_forever()")));
        Assert.Equal("127.0.0.1", (await Machine.ReadyAsync("a"))[0].Address!.Host);
    }

    /// <summary>Without bubblewrap, and with one that can make no user namespace.</summary>
    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/usr/bin/false")]
    public async Task Without_a_sandbox_services_run_with_an_account_and_a_network_of_their_own(string instead)
    {
        await Machine.StartAsync(
            null, "unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", $"mount --bind {instead} $(command -v bwrap) && exec \"$0\"");
        Assert.Null(Machine.Failure);
        Assert.Null(Machine.Network.Restriction);
        await Machine.SetNetworksAsync(Content(One, 1));
        await Machine.EnsureAsync(Server("a", One, Http("0.0.0.0", 3000)));
        var instance = Assert.Single(await Machine.ReadyAsync("a"));
        Assert.Equal(3000, instance.Address!.Port);
        Assert.NotEqual("0", (await TestMachine.RunInAsync(instance, "stat", "-c", "%u", $"/proc/{instance.ProcessId}")).Output.Trim());
    }

    [Theory]
    [InlineData("10.1.2.3/16")]
    [InlineData("ten")]
    [InlineData("10.0.0.0/28")]
    [InlineData("fd00::/64")]
    [InlineData("198.18.0.0/16")]
    public async Task Range_that_is_none_or_is_in_use_is_refused(string range)
    {
        await Machine.StartAsync(range);
        Assert.Contains("PORTICO_NETWORK", Machine.Failure, StringComparison.Ordinal);
        await Machine.KillAsync();
    }

    [Fact]
    public async Task Range_is_kept_and_follows_the_setting_when_nothing_runs()
    {
        await Machine.StartAsync();
        var (first, port) = (Machine.Network.Range, Machine.Network.EdgePort);
        await Machine.StopAsync();
        await Machine.StartAsync();
        Assert.Equal((first, port), (Machine.Network.Range, Machine.Network.EdgePort));
        await Machine.EnsureAsync(Server("a", One, "sleep 300") with { Port = new PortBinding.None(), Health = new HealthCheck.Running() });
        await Machine.ReadyAsync("a");
        await Machine.StopAsync();
        await Machine.StartAsync("10.77.0.0/16");
        Assert.Equal(first, Machine.Network.Range);
        await Machine.TellAsync("end");
        await Eventually.TrueAsync(async () => !(await Machine.RunAsync("ip", "-o", "link")).Output.Contains($" pt{Machine.Tag[..6]}-", StringComparison.Ordinal), Eventually.Limit, "no device is left");
        await Machine.StopAsync();
        await Machine.StartAsync("10.77.0.0/16");
        Assert.Equal("10.77.0.0/16", Machine.Network.Range);
    }

    [Fact]
    public async Task Range_that_something_else_took_is_given_up_for_another()
    {
        await Machine.StartAsync();
        var first = Machine.Network.Range!;
        await Machine.StopAsync();
        Assert.True((await Machine.RunAsync("ip", "route", "add", first, "dev", "out0")).Succeeded);
        await Machine.StartAsync();
        Assert.NotEqual(first, Machine.Network.Range);
    }

    [Fact]
    public async Task Range_that_is_used_up_is_a_clear_message_until_an_address_is_free()
    {
        const int Addresses = 48;
        await Machine.StartAsync("10.77.1.0/24");
        await Machine.EnsureAsync(Server("a", One, "sleep 300") with { Port = new PortBinding.None(), Health = new HealthCheck.Running() }, Addresses);
        await Machine.ReadyAsync("a", Addresses);
        await Machine.EnsureAsync(Server("b", One, "sleep 300") with { Port = new PortBinding.None(), Health = new HealthCheck.Running() });
        await Eventually.TrueAsync(
            () => Machine.Of("b") is [{ LastExit: not null } or { Status: InstanceStatus.BackingOff }]
                && Directory.GetFiles(Path.Combine(Machine.Home, "logs", "srv-b")).Any(file => File.ReadAllText(file).Contains("PORTICO_NETWORK", StringComparison.Ordinal)),
            "told", () => string.Join("; ", Machine.Of("b")));
        await Machine.EnsureAsync(Server("a", One, "sleep 300") with { Port = new PortBinding.None(), Health = new HealthCheck.Running() }, Addresses - 1);
        await Machine.ReadyAsync("b");
    }

    [Fact]
    public async Task Device_that_has_the_name_already_is_replaced()
    {
        await Machine.StartAsync("10.77.0.0/16");
        // The kernel keeps the device of an ended workload for a moment.
        var device = $"pt{Machine.Tag[..6]}-4005";
        Assert.True((await Machine.RunAsync("ip", "link", "add", device, "type", "bridge")).Succeeded);
        await Machine.EnsureAsync(Server("s", One, Http("0.0.0.0", 5432)) with { Port = new PortBinding.Fixed(5432), Network = new NetworkMembership { Network = One, HostName = "s", Address = "10.77.64.5" } });
        Assert.Equal("10.77.64.5", (await Machine.ReadyAsync("s"))[0].Address!.Host);
    }

    [Fact]
    public async Task Address_of_the_platform_is_not_given_to_a_workload()
    {
        await Machine.StartAsync("10.77.0.0/16");
        foreach (var address in (string[])["10.77.0.1", "10.77.0.2", "10.77.128.1", "8.8.8.8"])
        {
            await Machine.EnsureAsync(Server(address, One, Http("0.0.0.0", 5432)) with { Port = new PortBinding.Fixed(5432), Network = new NetworkMembership { Network = One, HostName = "s", Address = address } });
            await Eventually.TrueAsync(() => Machine.Of(address) is [{ Status: InstanceStatus.BackingOff }], $"{address} refused", () => string.Join("; ", Machine.Instances));
        }
    }

    [Fact]
    public async Task Machine_without_ipv6_has_a_private_network()
    {
        Assert.True((await Machine.RunAsync("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")).Succeeded);
        await Machine.StartAsync();
        Assert.Null(Machine.Network.Restriction);
        await RunAsync(Server("a", One, Http("0.0.0.0", 3000)));
    }

    [Fact]
    public async Task Workload_of_a_network_that_is_not_known_yet_joins_it_when_it_is()
    {
        await Machine.StartAsync();
        var (one, same) = (await RunAsync(Server("a", One, Http("0.0.0.0", 3000))), await RunAsync(Server("b", One, Http("0.0.0.0", 3000))));
        Assert.False(await TestMachine.ConnectsAsync(one, same.Address!.Host, 3000));
        await Machine.SetNetworksAsync(Content(One, 1));
        Assert.True(await TestMachine.ConnectsAsync(one, same.Address.Host, 3000));
    }
}
