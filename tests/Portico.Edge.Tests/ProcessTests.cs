using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>The executable itself.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Terminate = 15, Kill = 9;
    private readonly TemporaryDirectory _home = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_taken_port_is_one_clear_line_and_exit_code_3()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var process = Start("--home", _home.Path, "--port", port.ToString());
        await process.WaitForExitAsync(Cancelled);
        var error = await process.StandardError.ReadToEndAsync(Cancelled);
        Assert.Equal(3, process.ExitCode);
        Assert.Equal($"portico-edge: port {port} is already in use. Choose another port with PORTICO_HTTP_PORT, or stop the process that uses it.\n", error);
    }

    [Theory]
    [InlineData("--port", "80 80")]
    [InlineData("--nonsense", "1")]
    [InlineData("--home")]
    public async Task Bad_arguments_are_explained(params string[] arguments)
    {
        using var process = Start(arguments);
        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("usage:", await process.StandardError.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Termination_lets_requests_finish_and_takes_no_new_ones()
    {
        var release = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            arrived.SetResult();
            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        WriteSnapshot(upstream.Service());
        using var process = Start("--home", _home.Path, "--port", "0");
        var port = await ReadPortAsync(process);
        using var client = CreateClient(port);
        var slow = client.GetStringAsync("http://app.localhost/", Cancelled);
        await arrived.Task.WaitAsync(Cancelled);
        Signal(process, Terminate);
        await Eventually.TrueAsync(async () => !await AcceptsAsync(port), "the port is closed");
        Assert.False(process.HasExited);
        release.SetResult();
        Assert.Equal("finished", await slow);
        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(_home["run/edge.sock"]));
    }

    [Fact]
    public async Task A_killed_edge_starts_again_on_what_it_left_and_a_second_one_is_refused()
    {
        WriteSnapshot(Routes.InState("shop", ServiceRouteState.Suspended));
        using var first = Start("--home", _home.Path, "--port", "0");
        await ReadPortAsync(first);
        using var second = Start("--home", _home.Path, "--port", "0");
        await second.WaitForExitAsync(Cancelled);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another edge is running", await second.StandardError.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        Signal(first, Kill);
        await first.WaitForExitAsync(Cancelled);
        Assert.True(File.Exists(_home["run/edge.sock"]));
        File.WriteAllText(_home["run/routes.json"], "torn");
        using var third = Start("--home", _home.Path, "--port", "0");
        using var client = CreateClient(await ReadPortAsync(third));
        using var answer = await client.GetAsync("http://shop.localhost/", Cancelled);
        Assert.Contains("suspended", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Signal(third, Kill);
    }

    [Fact]
    public async Task What_a_killed_edge_has_recorded_stays_and_the_next_one_goes_on_beside_it()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        WriteSnapshot(upstream.Service());
        var options = new EdgeOptions { Home = _home.Path, Port = 0 };
        for (var life = 1; life <= 2; life++)
        {
            using var process = Start("--home", _home.Path, "--port", "0");
            using var client = CreateClient(await ReadPortAsync(process));
            await client.GetStringAsync("http://app.localhost/", Cancelled);
            await options.RequestsAsync(life);
            Signal(process, Kill);
            await process.WaitForExitAsync(Cancelled);
            Assert.Equal(life, options.Requests().Count);
            // As if it had been killed in the middle of a line.
            await File.AppendAllTextAsync(Recorded.Segments(options.RequestsDirectory)[^1], "{\"time\":", Cancelled);
        }
        Assert.Equal(2, Recorded.Segments(options.RequestsDirectory).Count);
    }

    private void WriteSnapshot(ServiceRoute service)
    {
        Directory.CreateDirectory(_home["run"]);
        var snapshot = new RoutesSnapshot { Version = 1, ServerSocket = "/none", PlatformHosts = [], Services = [service] };
        File.WriteAllText(_home["run/routes.json"], JsonSerializer.Serialize(snapshot, RoutingJson.Default.RoutesSnapshot));
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "portico-edge"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("PORTICO_HOME");
        start.Environment.Remove("PORTICO_HTTP_PORT");
        return Process.Start(start)!;
    }

    private static async Task<int> ReadPortAsync(Process process)
    {
        var line = await process.StandardOutput.ReadLineAsync(Cancelled)
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Cancelled));
        return int.Parse(line.Split(' ')[^1]);
    }

    private static HttpClient CreateClient(int port) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, Cancelled);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Signal(Process process, int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
