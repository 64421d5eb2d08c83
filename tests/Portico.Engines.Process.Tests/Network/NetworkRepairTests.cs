using System.Globalization;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>What the network sets on the machine comes back when it is removed, outlives the engine, and goes with the platform.</summary>
public sealed class NetworkRepairTests : NetworkTest
{
    private const int Port = 10_000;

    private InstanceSnapshot _one = null!, _same = null!, _other = null!;

    protected override async Task StartAsync()
    {
        await Machine.ServeOutsideAsync("import socket;s=socket.socket();s.bind(('0.0.0.0',7000));s.listen(99);print('open')\nwhile 1: s.accept()[0].close()");
        await RunServicesAsync();
    }

    private async Task RunServicesAsync()
    {
        await base.StartAsync();
        _one = await RunAsync(Server("a", One, Http("0.0.0.0", Port)));
        _same = await RunAsync(Server("b", One, Http("0.0.0.0", Port)));
        _other = await RunAsync(Server("c", Two, Http("0.0.0.0", Port)));
        await WorksAsync();
    }

    [Fact]
    public async Task What_is_removed_comes_back()
    {
        string[][] commands =
        [
            ["nft", "flush", "ruleset"],
            ["ip", "link", "del", "{device}"],
            ["ip", "route", "del", "{address}"],
            ["ip", "addr", "del", "{gateway}/32", "dev", "lo"],
            ["ip", "route", "flush", "table", "local", "type", "local", "root", "{range}"],
            ["sh", "-c", "for f in /proc/sys/net/ipv4/conf/*/forwarding; do echo 0 >$f; done"],
            ["sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/ip_forward"],
        ];
        foreach (var command in commands)
        {
            Assert.True((await Machine.RunAsync([.. command.Select(Filled)])) is { Succeeded: true } or { Error: "" }, string.Join(' ', command));
            await WorksAsync($"the network works after {string.Join(' ', command)}");
        }
    }

    [Theory]
    [InlineData("table inet firewalld { chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept; ct state established,related accept; reject with icmpx admin-prohibited; }; chain filter_INPUT { type filter hook input priority filter + 10; policy accept; iifname lo accept; ct state established,related accept; reject with icmpx admin-prohibited; }; }")]
    [InlineData("table ip filter { chain FORWARD { type filter hook forward priority filter; policy drop; }; chain INPUT { type filter hook input priority filter; policy drop; }; }")]
    public async Task Other_firewalls_let_packets_of_sandboxes_through(string ruleset)
    {
        await Machine.ServeAsync($"import socket;s=socket.socket();s.bind(('0.0.0.0',{NetworkHost.PublicPort}));s.listen(99);print('open')\nwhile 1: s.accept()[0].close()");
        Assert.Equal("", (await Machine.RunAsync("nft", ruleset)).Error);
        await WorksAsync();
        await Eventually.TrueAsync(() => TestMachine.ConnectsAsync(_one, Machine.Network.Gateway!, NetworkHost.PublicPort), Eventually.Limit, "the public port is reached");
        // Loaded again, as after a change of its settings.
        Assert.True((await Machine.RunAsync("nft", $"delete table {string.Join(' ', ruleset.Split(' ')[1..3])}; {ruleset}")).Succeeded);
        await WorksAsync();
        await EndAsync();
        Assert.DoesNotContain("portico", (await Machine.RunAsync("nft", "list", "ruleset")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Docker_lets_packets_of_sandboxes_through(bool isThereBefore)
    {
        var there = File.Exists("/usr/sbin/dockerd");
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(there, "dockerd is missing.");
        Assert.SkipUnless(there, "dockerd is missing.");
        if (isThereBefore)
            await EndAsync();
        await using var docker = await DockerDaemon.StartAsync(Machine);
        if (docker.Problem is { } problem)
            Assert.Skip(problem);
        if (isThereBefore)
            await RunServicesAsync();
        // Its socket is there before its rules are.
        await Eventually.TrueAsync(
            async () => (await Machine.RunAsync("nft", "list", "chain", "ip", "filter", "FORWARD")).Output.Contains("policy drop", StringComparison.Ordinal), Eventually.Limit, "Docker drops what is forwarded");
        await WorksAsync();
        // Docker's tool still reads its rules.
        Assert.True((await Machine.RunAsync("iptables", "-S")).Succeeded);
    }

    [Fact]
    public async Task Network_outlives_a_killed_engine_and_the_next_one_adopts_it()
    {
        await Machine.KillAsync();
        await WorksAsync();
        Assert.True((await Machine.RunAsync("nft", "delete", "table", "inet", $"portico_{Machine.Tag}")).Succeeded);
        Assert.True((await Machine.RunAsync("ip", "route", "del", _one.Address!.Host)).Succeeded);
        await Machine.StartAsync();
        var pids = new[] { _one, _same, _other }.Select(instance => instance.ProcessId);
        Assert.Equal(pids, new[] { "a", "b", "c" }.Select(id => Machine.Of(id)[0].ProcessId));
        await WorksAsync();
        Assert.Equal(_one.Address, Machine.Of("a")[0].Address);
        var added = await RunAsync(Server("d", One, Http("0.0.0.0", Port)));
        Assert.DoesNotContain(added.Address!.Host, new[] { _one, _same, _other }.Select(instance => instance.Address!.Host));
    }

    [Fact]
    public async Task Nothing_is_left_on_the_machine_after_the_last_workload()
    {
        var (tag, range) = (Machine.Tag, Machine.Network.Range!.Split('.')[..2]);
        await EndAsync();
        Assert.Equal("", (await Machine.RunAsync("nft", "list", "ruleset")).Output);
        await Eventually.TrueAsync(async () => !(await Machine.RunAsync("ip", "-o", "link")).Output.Contains($" pt{tag[..6]}-", StringComparison.Ordinal), Eventually.Limit, "no device is left");
        Assert.DoesNotContain($"{range[0]}.{range[1]}.", (await Machine.RunAsync("ip", "route", "show", "table", "all")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"{range[0]}.{range[1]}.", (await Machine.RunAsync("ip", "addr")).Output, StringComparison.Ordinal);
        Assert.Equal("0", (await Machine.RunAsync("cat", "/proc/sys/net/ipv4/conf/out0/forwarding")).Output.Trim());
        Assert.False(File.Exists($"/run/portico/{tag}.json"));
        Assert.False(File.Exists($"/run/portico/account-numbers/{tag}.json"));
    }

    [Fact]
    public async Task Ended_workload_leaves_no_device_and_no_route()
    {
        await Machine.TellAsync("retire a");
        await Eventually.TrueAsync(
            async () =>
            {
                await Machine.TellAsync("release");
                return !(await Machine.RunAsync("ip", "route", "show", "table", "all")).Output.Contains($"{_one.Address!.Host} ", StringComparison.Ordinal);
            },
            Eventually.Limit, "no route is left");
        Assert.DoesNotContain(Filled("{device}") + "@", (await Machine.RunAsync("ip", "-o", "link")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_engine_removes_what_a_platform_left_whose_home_is_gone()
    {
        var table = $"portico_{Machine.Tag}";
        var pids = Machine.Instances.Select(instance => instance.ProcessId!.Value).ToList();
        await Machine.KillAsync();
        pids.ForEach(pid => Native.Libc.Kill(pid, Native.Libc.SigKill));
        await Eventually.TrueAsync(() => pids.All(pid => Native.ProcessIdentity.Of(pid) is null), "all have ended");
        await Eventually.TrueAsync(() => Directory.GetFiles(Machine.Home, "exit.*", SearchOption.AllDirectories).Length >= pids.Count, "all launchers have written how their workloads ended");
        Directory.Delete(Machine.Home, recursive: true);
        Assert.Contains(table, (await Machine.RunAsync("nft", "list", "tables")).Output, StringComparison.Ordinal);
        var before = await GatewaysAsync();
        Machine.UseHome("next");
        await Machine.StartAsync();
        Assert.Equal($"table inet portico_{Machine.Tag}", (await Machine.RunAsync("nft", "list", "tables")).Output.Trim());
        // By chance, the next engine may have chosen the range that was left.
        var after = await GatewaysAsync();
        Assert.Equal(before.Length, after.Length);
        Assert.Single(after, line => line.Contains($" {Machine.Network.Gateway}/", StringComparison.Ordinal));

        async Task<string[]> GatewaysAsync() =>
            [.. (await Machine.RunAsync("ip", "-o", "-4", "addr", "show", "dev", "lo")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    [Fact]
    public async Task Second_platform_has_other_addresses_and_reaches_nothing_of_the_first()
    {
        var (range, there) = (Machine.Network.Range, _one.Address!.Host);
        await using var second = Machine.Beside();
        await second.StartAsync();
        Assert.NotEqual(range, second.Network.Range);
        await second.SetNetworksAsync(Content(One, 1) with { Services = [] });
        await second.EnsureAsync(Server("a", One, Http("0.0.0.0", Port)));
        var foreign = (await second.ReadyAsync("a"))[0];
        Assert.False(await TestMachine.ConnectsAsync(foreign, there, Port));
        Assert.False(await TestMachine.ConnectsAsync(_one, foreign.Address!.Host, Port));
        Assert.True(await TestMachine.ConnectsAsync(foreign, TestMachine.OutsideAddress, 7000));
        await WorksAsync();
    }

    [Fact]
    public async Task Of_two_platforms_that_start_with_one_range_at_once_one_gets_it()
    {
        await EndAsync();
        await using TestMachine first = Machine.Beside(), second = Machine.Beside();
        await Task.WhenAll(first.StartAsync("10.251.0.0/16"), second.StartAsync("10.251.0.0/16"));
        Assert.Contains("10.251.0.0/16", Assert.Single([first.Failure, second.Failure], failure => failure is not null), StringComparison.Ordinal);
        await (first.Failure is null ? second : first).KillAsync();
    }

    private string Filled(string text)
    {
        var host = _one.Address!.Host.Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return text.Replace("{address}", _one.Address.Host, StringComparison.Ordinal).Replace("{gateway}", Machine.Network.Gateway, StringComparison.Ordinal)
            .Replace("{range}", Machine.Network.Range, StringComparison.Ordinal)
            .Replace("{device}", string.Create(CultureInfo.InvariantCulture, $"pt{Machine.Tag[..6]}-{(host[2] << 8) + host[3]:x}"), StringComparison.Ordinal);
    }

    /// <summary>Waits until everything that must be reached is, and checks that the rest is not.</summary>
    private async Task WorksAsync(string what = "the network works")
    {
        await Eventually.TrueAsync(
            async () => await TestMachine.ConnectsAsync(_one, _same.Address!.Host, Port) && await TestMachine.ConnectsAsync(_one, TestMachine.OutsideAddress, 7000)
                && await TestMachine.ConnectsAsync(_same, _one.Address!.Host, Port) && await Machine.ConnectsFromMachineAsync(_one.Address.Host, Port)
                && !await TestMachine.ConnectsAsync(_other, _one.Address.Host, Port) && !await Machine.ConnectsFromOutsideAsync(_one.Address.Host, Port),
            Eventually.Limit, what);
    }

    private async Task EndAsync()
    {
        await Machine.TellAsync("end");
        await Machine.StopAsync();
    }
}
