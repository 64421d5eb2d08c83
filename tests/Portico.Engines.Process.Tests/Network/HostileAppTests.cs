using System.Globalization;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>Apps that use up what they can: they harm themselves alone, and end completely.</summary>
public sealed class HostileAppTests : NetworkTest
{
    [Fact]
    public async Task App_that_fills_its_temporary_directory_gets_no_space_left_and_goes_on()
    {
        await ReadyAsync("""
            import errno,http.server
            try:
                with open('/tmp/big','wb') as big:
                    while True: big.write(b'x'*1048576)
            except OSError as error:
                assert error.errno==errno.ENOSPC
            http.server.HTTPServer(('0.0.0.0',10000),http.server.SimpleHTTPRequestHandler).serve_forever()
            """, new ResourceLimits(256 << 20, null));
    }

    [Fact]
    public async Task App_that_forks_until_it_is_refused_ends_with_all_its_processes()
    {
        var marker = string.Create(CultureInfo.InvariantCulture, $"{987_000_000 + Environment.ProcessId}");
        await ReadyAsync($$"""
            import os,http.server
            while True:
                try:
                    if os.fork()==0: os.execvp('sleep',['sleep','{{marker}}'])
                except OSError: break
            http.server.HTTPServer(('0.0.0.0',10000),http.server.SimpleHTTPRequestHandler).serve_forever()
            """);
        Assert.NotEqual("", await FindAsync(marker));
        await Machine.TellAsync("retire a");
        await Eventually.TrueAsync(() => FindAsync(marker).GetAwaiter().GetResult().Length == 0, "gone", () => "Processes are left.");
    }

    [Fact]
    public async Task App_with_as_many_ports_as_it_can_open_is_ready_at_the_port_of_Render()
    {
        await ReadyAsync("""
            import socket,http.server,threading
            server=http.server.HTTPServer(('0.0.0.0',10000),http.server.SimpleHTTPRequestHandler)
            kept=[]
            for port in range(1,65536):
                try:
                    s=socket.socket(); s.bind(('0.0.0.0',port)); s.listen(1); kept.append(s)
                except OSError: s.close()
                except Exception: break
            kept.pop(); server.serve_forever()
            """);
        Assert.Equal(10000, Assert.Single(Machine.Of("a")).Address!.Port);
    }

    private async Task ReadyAsync(string program, ResourceLimits? limits = null)
    {
        await Machine.EnsureAsync(Server("a", One, $"exec python3 - <<'END'\n{program}\nEND") with { Limits = limits ?? ResourceLimits.None });
        await Machine.ReadyAsync("a");
    }

    private static async Task<string> FindAsync(string marker) =>
        (await Tool.RunAsync(["pgrep", "-f", $"sleep {marker}"], TestContext.Current.CancellationToken)).Output;
}
