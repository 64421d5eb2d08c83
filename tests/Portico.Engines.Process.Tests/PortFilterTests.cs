using System.Net;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>A network namespace stands for the outside: only what was tried from there counts as closed.</summary>
public sealed class PortFilterTests : ProcessEngineTest
{
    private protected override ProcessEngineOptions Options => Fixture.Options with { UsePrivateNetwork = false };

    private const string OnAnyPort = """exec /usr/bin/python3 -c "import http.server,os;s=http.server.HTTPServer(('0.0.0.0',0),http.server.SimpleHTTPRequestHandler);print('own port',s.server_port,flush=True);s.serve_forever()" """;

    [Fact]
    public async Task Nothing_that_a_workload_listens_on_is_reached_from_outside()
    {
        Require(IsRoot && Engine.Capabilities.PortRestriction is null, Engine.Capabilities.PortRestriction ?? "Only root can close ports.");
        await using var outside = await OutsideNetwork.CreateAsync(Token);
        Require(outside.IsHere, "Network namespaces cannot be made here.");
        var server = ShellServer("dep-1", Script.Serve);
        await Engine.EnsureAsync(server, 1, Token);
        var assigned = (await UntilReadyAsync(server.Id, 1)).Instances[0].Address!.Port;
        var own = Shell("dep-2", OnAnyPort);
        await Engine.EnsureAsync(own, 1, Token);
        await UntilReadyAsync(own.Id, 1);
        var line = "";
        await Portico.Testing.Eventually.TrueAsync(
            async () => (line = (await ReadAsync(new LogQuery { Owner = Owner })).FirstOrDefault(text => text.StartsWith("own port", StringComparison.Ordinal)) ?? "").Length > 0, "it listens");
        var chosen = int.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);

        using var edge = new System.Net.Sockets.TcpListener(IPAddress.Any, 0);
        edge.Start();
        Assert.True(await outside.CanConnectAsync(((IPEndPoint)edge.LocalEndpoint).Port, Token), "What the engine's own user serves must stay open.");
        foreach (var port in (int[])[assigned, chosen])
        {
            Assert.False(await outside.CanConnectAsync(port, Token), $"Port {port} is open to the outside.");
            using var inside = new System.Net.Sockets.TcpClient();
            await inside.ConnectAsync(IPAddress.Loopback, port, Token);
        }
    }

    [Fact]
    public async Task Rules_go_with_the_last_workload()
    {
        Require(IsRoot && Engine.Capabilities.PortRestriction is null, Engine.Capabilities.PortRestriction ?? "Only root can close ports.");
        await using var fixture = new ProcessEngineFixture();
        var table = $"portico_{new EngineHome(fixture.Home, TimeProvider.System).Tag}";
        await using (var engine = await fixture.StartAsync(fixture.Options with { UsePrivateNetwork = false }))
            Assert.Contains(table, await TablesAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(table, await TablesAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> TablesAsync() => (await Tool.RunAsync(["nft", "list", "tables"], Token)).Output;
}
