using System.Net;
using System.Text.RegularExpressions;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>All TCP ports of a machine and its private network, as a neighbor tries them who knows every address.</summary>
public sealed partial class OutsideScanTests
{
    private const string AddressInSix = "fd77::1", OutsideAddressInSix = "fd77::2";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_edge_and_opened_data_stores_answer()
    {
        Programs.Require("git", "node", "python3", "nsenter");
        PrivateNetwork.Require();
        await using var machine = await MachineNamespaces.CreateAsync(Token);
        Assert.SkipWhen(machine is null, "This machine cannot make network namespaces.");
        await using var platform = new TestPlatform { Prefix = ["nsenter", $"--net={machine.Machine}", "--"] };
        await AddInSixAsync(machine);
        Write(platform);
        (await platform.UpAsync()).ShouldSucceed();
        var opened = new Uri((await platform.RunAsync("db", "url", "opened", "--external")).ShouldSucceed().Output.Trim()).Port;
        var addresses = await PrivateAddressesAsync(machine, IPNetwork.Parse(PrivateNetwork.Of(platform)!.Range));

        var answering = await ScanAsync(machine, [MachineNamespaces.Address, AddressInSix, .. addresses]);

        // Gateway and external source; an instance, and two data stores; a service, both stores as clients see them, and a resolver.
        Assert.Equal(9, addresses.Count);
        Assert.Equal([.. Sockets(MachineNamespaces.Address, platform.Port, opened), .. Sockets(AddressInSix, platform.Port, opened)], answering);
    }

    private static void Write(TestPlatform platform)
    {
        platform.Write("server.js", """
            require("node:http").createServer((request, response) => response.end("hello")).listen(process.env.PORT, "0.0.0.0");
            """);
        platform.Write("render.yaml", $$"""
            services:
              - type: pserv
                name: private
                runtime: node
                buildCommand: "true"
                startCommand: node server.js
              - type: keyvalue
                name: opened
                plan: starter
                ipAllowList: [{ source: {{MachineNamespaces.OutsideAddress}} }]
              - type: keyvalue
                name: closed
                plan: starter
                ipAllowList: []
            """);
    }

    private static async Task AddInSixAsync(MachineNamespaces machine)
    {
        foreach (var (place, address) in (IEnumerable<(string, string)>)[(machine.Machine, AddressInSix), (machine.Outside, OutsideAddressInSix)])
            await RunAsync(place, "ip", "addr", "add", $"{address}/64", "dev", MachineNamespaces.Device, "nodad");
    }

    /// <summary>Every address of the private network that a route leads to or a packet rule names.</summary>
    private static async Task<IReadOnlyList<string>> PrivateAddressesAsync(MachineNamespaces machine, IPNetwork range)
    {
        var known = await RunAsync(machine.Machine, "ip", "route", "show", "table", "all") + await RunAsync(machine.Machine, "nft", "list", "ruleset");
        return [.. SingleAddress.Matches(known).Select(match => match.Value).Distinct().Where(address => range.Contains(IPAddress.Parse(address)))];
    }

    /// <returns>What answered, as <c>address port</c>.</returns>
    private static async Task<IReadOnlyList<string>> ScanAsync(MachineNamespaces machine, params string[] addresses) =>
        [.. (await RunAsync(machine.Outside, ["python3", SourceTree.PathOf("tests", "Portico.EndToEnd", "Support", "scan-ports.py"), .. addresses])).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static IEnumerable<string> Sockets(string address, params int[] ports) => ports.Order().Select(port => $"{address} {port}");

    private static async Task<string> RunAsync(string place, params string[] command)
    {
        using var run = new CommandRun("nsenter", [$"--net={place}", "--", .. command], new Dictionary<string, string?>(), "/");
        return (await run.EndAsync(Limit)).ShouldSucceed().Output;
    }

    [GeneratedRegex(@"(?<![\d.])\d+\.\d+\.\d+\.\d+(?![\d./])")]
    private static partial Regex SingleAddress { get; }
}
