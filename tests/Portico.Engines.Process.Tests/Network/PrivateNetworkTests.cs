using System.Globalization;
using System.Net;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>Only what was tried from a namespace that stands for another machine, or for another sandbox, counts as closed.</summary>
public sealed class PrivateNetworkTests : NetworkTest
{
    private const int Port = 10_000;

    [Fact]
    public async Task Services_of_one_network_reach_each_other_and_no_others()
    {
        var (one, same, other) = (await RunAsync(Server("a", One, Http("0.0.0.0", Port))), await RunAsync(Server("b", One, Http("0.0.0.0", Port))), await RunAsync(Server("c", Two, Http("0.0.0.0", Port))));
        Assert.True(await TestMachine.ConnectsAsync(one, same.Address!.Host, Port));
        Assert.True(await TestMachine.ConnectsAsync(same, one.Address!.Host, Port));
        Assert.True(await EchoesAsync(one, same.Address.Host));
        Assert.False(await TestMachine.ConnectsAsync(other, one.Address.Host, Port));
        Assert.False(await TestMachine.ConnectsAsync(one, other.Address!.Host, Port));
        Assert.False(await EchoesAsync(other, one.Address.Host));
    }

    /// <summary>Asks as <c>ping</c> does without special rights.</summary>
    private static async Task<bool> EchoesAsync(InstanceSnapshot from, string host) => (await TestMachine.RunInAsync(from, Echo("SOCK_DGRAM", host))).Succeeded;

    private static string[] Echo(string kind, string host) =>
    [
        "python3", "-c", "import socket, sys; s = socket.socket(socket.AF_INET, getattr(socket, sys.argv[1]), socket.IPPROTO_ICMP); s.settimeout(2); "
            + "s.sendto(bytes([8, 0, 0xf7, 0xfe, 0, 0, 0, 1]), (sys.argv[2], 0)); s.recv(99)", kind, host,
    ];

    [Fact]
    public async Task Udp_packets_arrive_from_the_own_network_alone_and_with_true_sources()
    {
        var server = await RunAsync(Server("a", One, Python($"import socket;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.bind(('0.0.0.0',5000))\nwhile 1: print('from',s.recvfrom(9)[1][0],flush=True)")) with { Port = new PortBinding.None(), Health = new HealthCheck.Running() });
        var (same, other) = (await RunAsync(Server("b", One, Http("0.0.0.0", Port))), await RunAsync(Server("c", Two, Http("0.0.0.0", Port))));
        var address = AddressOf(server);
        // With all rights, so that any source can be claimed.
        foreach (var (from, claimed) in ((InstanceSnapshot, string)[])[(other, ""), (other, same.Address!.Host), (other, Machine.Network.Gateway!), (same, other.Address!.Host), (same, Machine.Network.ExternalSource!), (same, "")])
            await SendAsync(from, claimed, address);
        var log = Path.Combine(Machine.Home, "logs", "srv-a");
        string[] Lines() => [.. Directory.GetFiles(log).SelectMany(File.ReadAllLines).Where(line => line.Contains("from ", StringComparison.Ordinal)).Select(line => line[line.IndexOf("from ", StringComparison.Ordinal)..])];
        await Eventually.TrueAsync(() => Lines().Length > 0, "a packet arrives");
        Assert.Equal([$"from {same.Address!.Host}"], Lines());
    }

    [Fact]
    public async Task Sandboxes_reach_only_the_public_port_of_this_machine()
    {
        var instance = await RunAsync(Server("a", One, Http("0.0.0.0", Port)));
        foreach (var port in (int[])[NetworkHost.PublicPort, 7777])
            await Machine.ServeAsync($"import socket;s=socket.socket();s.bind(('0.0.0.0',{port}));s.listen();print('open');[s.accept() for i in range(99)]");
        await Machine.ServeAsync("import socket;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.bind(('0.0.0.0',7777));print('open')\nwhile 1:\n d,a=s.recvfrom(99);s.sendto(b'answer',a)");
        foreach (var host in (string[])[Machine.Network.Gateway!, TestMachine.Address])
        {
            Assert.True(await Machine.ConnectsFromMachineAsync(host, 7777));
            Assert.True(await TestMachine.ConnectsAsync(instance, host, NetworkHost.PublicPort), host);
            Assert.False(await TestMachine.ConnectsAsync(instance, host, 7777), host);
            // Nothing answers, or the kernel says that it refuses.
            Assert.False((await TestMachine.RunInAsync(instance, "python3", "-c",
                $"import socket;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.settimeout(1);s.connect(('{host}',7777));s.send(b'x');s.recv(9)")).Succeeded);
        }
        Assert.False(await TestMachine.ConnectsAsync(instance, Machine.Network.ExternalSource!, 7777));
        Assert.False(await TestMachine.ConnectsAsync(instance, ServiceOf(1), 7777));
        Assert.False(await TestMachine.ConnectsAsync(instance, "169.254.169.254", 80));
    }

    [Fact]
    public async Task Connections_to_a_service_reach_the_edge_whatever_their_port()
    {
        // What the edge is: a listener that accepts connections to addresses that are not its own.
        await Machine.ServeAsync($"import socket;s=socket.socket();s.setsockopt(0,19,1);s.bind(('127.0.0.1',{Machine.Network.EdgePort}));s.listen();print('open')\nwhile 1:\n c=s.accept()[0];c.send(('%s %d from %s'%(c.getsockname()+c.getpeername()[:1])).encode());c.close()");
        var (one, two) = (await RunAsync(Server("a", One, Http("0.0.0.0", Port))), await RunAsync(Server("b", Two, Http("0.0.0.0", Port))));
        foreach (var port in (int[])[1, 80, 10_000, 65_535])
            Assert.Equal($"{ServiceOf(1)} {port} from {one.Address!.Host}", (await ReadAsync(one, ServiceOf(1), port)).Output);
        Assert.False((await ReadAsync(two, ServiceOf(1), 80)).Succeeded);
        Assert.True((await ReadAsync(two, ServiceOf(2), 80)).Succeeded);
        Assert.False((await ReadAsync(one, ServiceOf(3), 80)).Succeeded);
        Assert.False(await Machine.ConnectsFromOutsideAsync(ServiceOf(1), 80));
        await Machine.SetNetworksAsync(Content(One, 1) with { Services = [ServiceOf(3)] });
        Assert.False((await ReadAsync(one, ServiceOf(1), 80)).Succeeded);
        Assert.True((await ReadAsync(one, ServiceOf(3), 80)).Succeeded);
        Assert.False((await ReadAsync(two, ServiceOf(2), 80)).Succeeded);
    }

    [Fact]
    public async Task Resolver_is_reached_by_its_own_network()
    {
        await Machine.ServeAsync($"import socket;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.bind(('{ResolverOf(1)}',53));print('open')\nwhile 1:\n d,a=s.recvfrom(99);s.sendto(b'answer',a)");
        var (one, two) = (await RunAsync(Server("a", One, Http("0.0.0.0", Port))), await RunAsync(Server("b", Two, Http("0.0.0.0", Port))));
        string[] ask = ["python3", "-c", $"import socket;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.settimeout(2);s.connect(('{ResolverOf(1)}',53));s.send(b'q');print(s.recv(9).decode())"];
        Assert.Equal("answer\n", (await TestMachine.RunInAsync(one, ask)).Output);
        Assert.False((await TestMachine.RunInAsync(two, ask)).Succeeded);
        Assert.False((await Machine.RunOutsideAsync(ask)).Succeeded);
        var files = Path.Combine(Machine.Home, "networks", One);
        Assert.Contains($"{ServiceOf(1)}\tapi", await File.ReadAllTextAsync(Path.Combine(files, "hosts"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains($"nameserver {ResolverOf(1)}", await File.ReadAllTextAsync(Path.Combine(files, "resolv.conf"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sandboxes_reach_other_machines_with_the_address_of_this_one_and_are_not_reached_by_them()
    {
        var server = await Machine.ServeOutsideAsync("import socket;s=socket.socket();s.bind(('0.0.0.0',7000));s.listen();print('open');[print(s.accept()[1][0],flush=True) for i in range(9)]");
        var instance = await RunAsync(Server("a", One, Http("0.0.0.0", Port)));
        Assert.True(await TestMachine.ConnectsAsync(instance, TestMachine.OutsideAddress, 7000));
        Assert.Equal(TestMachine.Address, await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.False(await Machine.ConnectsFromOutsideAsync(instance.Address!.Host, Port));
        Assert.False((await Machine.RunOutsideAsync(Echo("SOCK_RAW", instance.Address.Host))).Succeeded);
        Assert.False((await Machine.RunOutsideAsync(Echo("SOCK_RAW", Machine.Network.Gateway!))).Succeeded);
    }

    [Fact]
    public async Task No_listening_socket_is_reached_from_outside_but_the_public_one()
    {
        await Machine.ServeAsync($"import socket;s=socket.socket();s.bind(('0.0.0.0',{NetworkHost.PublicPort}));s.listen();print('open');[s.accept() for i in range(99)]");
        var instances = new[]
        {
            await RunAsync(Server("a", One, Http("0.0.0.0", 3000))), await RunAsync(Server("b", Two, Http("0.0.0.0", Port))),
            await RunAsync(Server("s", One, Http("0.0.0.0", 5432)) with { Port = new PortBinding.Fixed(5432), Network = new NetworkMembership { Network = One, HostName = "s", Address = StoreOf(9) } }),
        };
        var open = new List<string>();
        foreach (var line in (await Machine.RunAsync("ss", "-Hltn")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            open.AddRange(await OpenAsync([TestMachine.Address, Machine.Network.Gateway!], PortOf(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])));
        foreach (var instance in instances)
            foreach (var socket in Native.ListeningSockets.InNamespaceOf(instance.ProcessId!.Value))
                open.AddRange(await OpenAsync([instance.Address!.Host, TestMachine.Address], socket.Port));
        open.AddRange(await OpenAsync([TestMachine.Address], NetworkHost.PublicPort));
        Assert.Equal([$"{TestMachine.Address}:{NetworkHost.PublicPort}"], open.Distinct());
    }

    [Fact]
    public async Task Two_services_use_one_port_through_restarts_and_at_any_size()
    {
        foreach (var id in (string[])["a", "b"])
            await Machine.EnsureAsync(Server(id, One, Http("0.0.0.0", 3000)), 3);
        var addresses = (await Machine.ReadyAsync("a", 3)).Concat(await Machine.ReadyAsync("b", 3)).Select(instance => instance.Address!).ToList();
        Assert.All(addresses, address => Assert.Equal(3000, address.Port));
        Assert.Equal(6, addresses.Select(address => address.Host).Distinct().Count());
        for (var i = 0; i < 3; i++)
        {
            var before = Machine.Of("a").Select(instance => instance.Id).ToHashSet();
            await Machine.TellAsync($"restart a token-{i}");
            await Eventually.TrueAsync(
                async () =>
                {
                    await Machine.TellAsync("release");
                    var now = Machine.Of("a");
                    return now.Count == 3 && now.All(instance => instance.Status == InstanceStatus.Ready && !before.Contains(instance.Id));
                },
                "restarted");
        }
        Assert.All(Machine.Of("a"), instance => Assert.Equal(3000, instance.Address!.Port));
    }

    [Fact]
    public async Task Port_is_that_of_Render_unless_the_user_sets_it()
    {
        await PortsAsync(((string?, int)[])[(null, 10_000), ("4567", 4567), ("none", 10_000)], (own, name) =>
        {
            var revision = Server(name, One, Python("import os;print('PORT is',os.environ['PORT'],flush=True);import http.server;http.server.HTTPServer(('0.0.0.0',int(os.environ['PORT'])),http.server.BaseHTTPRequestHandler).serve_forever()"));
            return own is null ? revision : revision with { Environment = new Dictionary<string, string> { ["PORT"] = own } };
        });
    }

    [Fact]
    public async Task Requests_go_to_the_port_variable_else_to_the_lowest_port_that_answers_http()
    {
        const string Serve = "import socket,http.server,threading;H=type('H',(http.server.BaseHTTPRequestHandler,),{'do_GET':lambda s:(s.send_response(200),s.end_headers(),s.wfile.write(b'ok'))});"
            + "serve=lambda p:threading.Thread(target=http.server.ThreadingHTTPServer(('0.0.0.0',p),H).serve_forever).start();";
        // The lowest of all accepts connections and says nothing.
        const string Silent = "s=socket.socket();s.bind(('0.0.0.0',900));s.listen();";
        (string, int)[] programs =
        [
            (Serve + Silent + "serve(10000);serve(3000)", 10_000),
            (Serve + Silent + "serve(8080);serve(3000);serve(5000)", 3000),
            // The third port opens when the engine asks the first.
            (Serve + Silent + "serve(8080);asked=s.accept();serve(3000)", 3000),
            // A port that speaks no HTTP is used if there is no other.
            ("import socket;s=socket.socket();s.bind(('0.0.0.0',6000));s.listen();[s.accept()[0].close() for i in range(9999)]", 6000),
            // IPv4 and IPv6 on one socket.
            ("import socket,http.server;C=type('C',(http.server.HTTPServer,),{'address_family':socket.AF_INET6});C(('::',3000),http.server.BaseHTTPRequestHandler).serve_forever()", 3000),
        ];
        await PortsAsync(programs, (program, name) => Server(name, One, Python(program)));
    }

    [Fact]
    public async Task App_that_nobody_can_reach_is_not_ready_and_told_what_to_do()
    {
        (string Program, string Where)[] apps =
        [
            ("import socket,time;s=socket.socket();s.bind(('127.0.0.1',3000));s.listen();time.sleep(300)", "127.0.0.1:3000"),
            ("import socket,time;s=socket.socket(socket.AF_INET6);s.bind(('::1',3000));s.listen();time.sleep(300)", "[::1]:3000"),
            ("import socket,time;s=socket.socket(socket.AF_INET6);s.setsockopt(41,26,1);s.bind(('::',3000));s.listen();time.sleep(300)", "IPv6 alone"),
            ("import socket,time,tempfile;s=socket.socket(socket.AF_UNIX);s.bind(tempfile.mkdtemp()+'/app.sock');s.listen();time.sleep(300)", "app.sock"),
        ];
        foreach (var (index, app) in apps.Index())
            await Machine.EnsureAsync(Server(Name(index), One, Python(app.Program)));
        foreach (var (index, (_, where)) in apps.Index())
            await Eventually.TrueAsync(
                () => Machine.Of(Name(index)) is [{ Status: InstanceStatus.Starting, Health.Answer: var answer, Warning: var warning }]
                    && answer.Contains(where, StringComparison.Ordinal) && answer.Contains("0.0.0.0", StringComparison.Ordinal) && warning is not null,
                $"told about {where}", () => string.Join("; ", Machine.Instances));
    }

    [Fact]
    public async Task Programs_in_a_sandbox_resolve_the_names_of_their_network_and_no_others()
    {
        await RunAsync(Server("a", One, Python("import socket;print('api is',socket.gethostbyname('api'),'here is',socket.gethostname(),flush=True)\ntry: socket.gethostbyname('other')\nexcept OSError: print('no other',flush=True)\nimport time;time.sleep(300)")) with { Port = new PortBinding.None(), Health = new HealthCheck.Running() });
        string Log() => string.Concat(Directory.GetFiles(Path.Combine(Machine.Home, "logs", "srv-a")).Select(File.ReadAllText));
        await Eventually.TrueAsync(() => Log().Contains($"api is {ServiceOf(1)} here is a", StringComparison.Ordinal), "resolved", Log);
        await Eventually.TrueAsync(() => Log().Contains("no other", StringComparison.Ordinal), "not resolved", Log);
    }

    [Fact]
    public async Task Jobs_are_in_the_network_too()
    {
        var server = await RunAsync(Server("a", One, Http("0.0.0.0", Port)));
        foreach (var (id, network) in ((string, string)[])[("job-1", One), ("job-2", Two)])
        {
            var job = new JobRequest
            {
                Id = new RunId(id),
                Revision = Server("a", One, "true"),
                Command = new Command.Shell(Python($"import socket;socket.create_connection(('{server.Address!.Host}',{Port}),2);print('reached')")),
                Network = new NetworkMembership { Network = network, HostName = "job" },
            };
            await Machine.StartJobAsync(job);
        }
        string Record(string id) => File.ReadAllText(Path.Combine(Machine.Home, "runs", id, "record.json"));
        await Eventually.TrueAsync(() => Record("job-1").Contains("Succeeded", StringComparison.Ordinal), "reached");
        await Eventually.TrueAsync(() => Record("job-2").Contains("Failed", StringComparison.Ordinal), "not reached");
    }

    [Fact]
    public async Task Revision_from_before_there_were_networks_stays_on_the_loopback_device_until_its_next_deploy()
    {
        var before = Server("a", One, Python("import os,http.server;http.server.HTTPServer(('0.0.0.0',int(os.environ['PORT'])),http.server.BaseHTTPRequestHandler).serve_forever()")) with { Network = null };
        var old = (await RunAsync(before)).Address!;
        Assert.Equal("127.0.0.1", old.Host);
        Assert.True(await Machine.ConnectsFromMachineAsync(old.Host, old.Port));
        Assert.False(await Machine.ConnectsFromOutsideAsync(TestMachine.Address, old.Port));
        var next = (await RunAsync(before with { Id = new RevisionId("b"), Network = new NetworkMembership { Network = One, HostName = "a" } })).Address!;
        Assert.Equal(10_000, next.Port);
        Assert.False(await TestMachine.ConnectsAsync(Machine.Of("b")[0], Machine.Network.Gateway!, old.Port));
    }

    [Fact]
    public async Task Data_store_keeps_its_address()
    {
        var store = Server("s", One, Http("0.0.0.0", 5432)) with { Port = new PortBinding.Fixed(5432), Network = new NetworkMembership { Network = One, HostName = "s", Address = StoreOf(5) } };
        var first = await RunAsync(store);
        Assert.Equal(new InstanceAddress(StoreOf(5), 5432), first.Address);
        for (var i = 0; i < 3; i++)
        {
            var pid = Machine.Of("s")[0].ProcessId!.Value;
            _ = Native.Libc.Kill(pid, Native.Libc.SigKill);
            await Eventually.TrueAsync(() => Machine.Of("s") is [{ Status: InstanceStatus.Ready } back] && back.ProcessId != pid, "started again", () => string.Join("; ", Machine.Instances));
            Assert.Equal(new InstanceAddress(StoreOf(5), 5432), Machine.Of("s")[0].Address);
        }
        Assert.True(await Machine.ConnectsFromMachineAsync(StoreOf(5), 5432));
    }

    [Fact]
    public async Task Two_hundred_services_start_at_once()
    {
        const int Many = 200;
        for (var i = 0; i < Many; i++)
            await Machine.EnsureAsync(Server($"many-{i}", One, "sleep 300") with { Port = new PortBinding.None(), Health = new HealthCheck.Running() });
        await Eventually.TrueAsync(() => Task.FromResult(Machine.Instances.Count(instance => instance.Status == InstanceStatus.Ready) == Many), TimeSpan.FromMinutes(3), "all run", () => $"{Machine.Instances.Count(instance => instance.Status == InstanceStatus.Ready)} run");
        await Eventually.TrueAsync(
            async () => (await Machine.RunAsync("ip", "route")).Output.Split('\n').Count(line => line.Contains(" dev pt", StringComparison.Ordinal)) == Many, Eventually.Limit, "all are connected");
    }

    private static string AddressOf(InstanceSnapshot instance) => TestMachine.RunInAsync(instance, "ip", "-4", "-o", "addr", "show", "dev", "eth0").GetAwaiter().GetResult()
        .Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3].Split('/')[0];

    private static int PortOf(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static Task<ToolResult> ReadAsync(InstanceSnapshot from, string host, int port) => TestMachine.RunInAsync(
        from, "python3", "-c", $"import socket;print(socket.create_connection(('{host}',{port}),2).recv(99).decode(),end='')");

    /// <param name="claimed">A source that the packet claims to have; empty for the true one.</param>
    private static Task<ToolResult> SendAsync(InstanceSnapshot from, string claimed, string to) => TestMachine.RunInAsync(
        from, "python3", "-c", $"import socket;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.setsockopt(0,15,1)\nif '{claimed}': s.bind(('{claimed}',0))\ns.sendto(b'x',('{to}',5000))");

    private async Task<IEnumerable<string>> OpenAsync(string[] hosts, int port)
    {
        var open = new List<string>();
        foreach (var host in hosts)
            if (await Machine.ConnectsFromOutsideAsync(host, port))
                open.Add(new IPEndPoint(IPAddress.Parse(host), port).ToString());
        return open;
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"app-{index}");

    /// <summary>Runs all side by side, and checks which port of each gets the requests.</summary>
    private async Task PortsAsync<T>((T Given, int Port)[] expected, Func<T, string, Revision> make)
    {
        foreach (var (index, (given, _)) in expected.Index())
            await Machine.EnsureAsync(make(given, Name(index)));
        foreach (var (index, (_, port)) in expected.Index())
            Assert.Equal(port, (await Machine.ReadyAsync(Name(index)))[0].Address!.Port);
    }
}
