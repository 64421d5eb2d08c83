using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>An edge whose parts fail: it reports them, serves what it can, and recovers.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_healthy_edge_says_so_and_accepts()
    {
        await using var edge = await RunningEdge.StartAsync();
        var status = await edge.StatusAsync();
        Assert.Equal(EdgeHealth.Healthy, status.Health);
        Assert.True(status.IsAccepting);
        Assert.Empty(status.FailingLoops);
    }

    [Fact]
    public async Task An_edge_that_cannot_see_new_routes_serves_the_old_ones_and_is_unhealthy_until_it_can()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        var moved = edge.Options.RunDirectory + ".moved";
        Directory.Move(edge.Options.RunDirectory, moved);
        await File.WriteAllTextAsync(edge.Options.RunDirectory, "in the way", Cancelled);

        var admin = Path.Combine(moved, Path.GetFileName(edge.Options.AdminSocket));
        await Eventually.TrueAsync(async () => (await edge.StatusAsync(admin)).Health == EdgeHealth.Unhealthy, "the failure is reported");
        var failure = Assert.Single((await edge.StatusAsync(admin)).FailingLoops);
        Assert.Equal("routes", failure.Loop);
        Assert.Contains("is not a directory", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Since, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
        Assert.True((await edge.StatusAsync(admin)).IsAccepting);
        Assert.Equal("served", await client.GetStringAsync("http://app.localhost/", Cancelled));

        File.Delete(edge.Options.RunDirectory);
        Directory.Move(moved, edge.Options.RunDirectory);
        await edge.ServeAsync(upstream.Service());
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Health == EdgeHealth.Healthy, "the loop has recovered");
        Assert.Single(edge.Log.Split('\n'), line => line.Contains("Background loop 'routes' failed", StringComparison.Ordinal));
        Assert.Single(edge.Log.Split('\n'), line => line.Contains("Background loop 'routes' works again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_public_port_whose_socket_is_closed_is_bound_again()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        SocketFaults.ShutDownListener(edge.Port);
        await Eventually.TrueAsync(() => edge.Log.Contains("The public port accepts no connections", StringComparison.Ordinal), "the failure is logged");
        await AcceptsAgainAsync(edge.Port);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()) is { Health: EdgeHealth.Healthy, IsAccepting: true }, "the port is healthy");
        using var client = edge.CreateClient();
        Assert.Equal("served", await client.GetStringAsync("http://app.localhost/", Cancelled));
        Assert.Contains("The public port accepts connections again", edge.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_internal_port_and_an_external_port_are_bound_again_too()
    {
        using var store = new TcpListener(IPAddress.Loopback, 0);
        store.Start();
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        var (internalPort, externalPort) = (FreePort.Find(), FreePort.Find());
        await using var edge = await RunningEdge.StartAsync();
        var route = new DataStoreRoute("dpg-1", "db", externalPort, ((IPEndPoint)store.LocalEndpoint).Port, ["127.0.0.1"]);
        edge.Write(edge.Snapshot(upstream.Service(internalPort: internalPort)) with { DataStores = [route] });
        foreach (var port in new[] { internalPort, externalPort })
        {
            await AcceptsAgainAsync(port);
            SocketFaults.ShutDownListener(port);
            await Eventually.TrueAsync(() => edge.Log.Contains($"port {port} accepts no connections", StringComparison.Ordinal), "the failure is logged");
            await AcceptsAgainAsync(port);
        }
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Health == EdgeHealth.Healthy, "the ports are healthy");
        using var client = new HttpClient();
        Assert.Equal("served", await client.GetStringAsync($"http://127.0.0.1:{internalPort}/", Cancelled));
    }

    [Fact]
    public async Task A_port_that_was_taken_opens_without_a_new_snapshot()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service(internalPort: port));
        Assert.Single((await edge.StatusAsync()).Problems);
        taken.Stop();
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Problems.Count == 0, "the port is open");
        await AcceptsAgainAsync(port);
    }

    [Fact]
    public async Task An_edge_without_file_descriptors_reports_it_and_accepts_the_waiting_clients_afterwards()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        WriteSnapshot(upstream.Service());
        // .NET needs a pipe for each thread that it starts, and ends the process if it gets none. An edge whose limits fit its
        // descriptors always has some left for that; this one must have all its threads before there are none.
        using var edge = await EdgeProcess.StartAsync(_home.Path, poolThreads: 2);
        using var admin = EdgeProcess.CreateAdminClient(_home.Path);
        // Its connections stay open, so that their descriptors do not become free later.
        using var first = new HttpClient(edge.CreateHandler());
        await Eventually.TrueAsync(
            async () =>
            {
                // What a request loads must be in memory, too.
                var requests = Enumerable.Range(0, 10).Select(_ => first.GetStringAsync("http://app.localhost/", Cancelled));
                Assert.All(await Task.WhenAll(requests), answer => Assert.Equal("served", answer));
                await EdgeProcess.StatusAsync(admin);
                return edge.CountThreads(".NET TP Worker") == 2 && edge.CountThreads(".NET TP Gate") == 1;
            }, "all threads are running");
        SocketFaults.LimitOpenFiles(edge.Id, (ulong)SocketFaults.CountOpenFiles(edge.Id) + 2);
        var clients = Enumerable.Range(0, 10).Select(_ => new HttpClient(edge.CreateHandler())).ToArray();
        try
        {
            var answers = clients.Select(client => client.GetStringAsync("http://app.localhost/", Cancelled)).ToArray();
            await Eventually.TrueAsync(
                async () => await EdgeProcess.StatusAsync(admin) is { Health: EdgeHealth.Unhealthy, IsAccepting: false } status
                    && status.FailingLoops.Any(loop => loop.Loop == "public port"), "the failure is reported", () => edge.Log);
            SocketFaults.LimitOpenFiles(edge.Id, 1024);
            // Those that were accepted while no connection to the instance could be made are answered, whether well or not.
            await Record.ExceptionAsync(() => Task.WhenAll(answers));
            Assert.Contains(answers, answer => answer.IsCompletedSuccessfully);
            await Eventually.TrueAsync(async () => (await EdgeProcess.StatusAsync(admin)).Health == EdgeHealth.Healthy, "the port has recovered");
            Assert.Equal("served", await clients[0].GetStringAsync("http://app.localhost/", Cancelled));
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidOperationException(edge.Log, exception);
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    [Fact]
    public async Task An_edge_that_could_not_listen_for_its_successor_is_replaced_once_it_can()
    {
        Directory.CreateDirectory(_home["run/edge.give"]);
        await using var edge = await RunningEdge.StartAsync(_home.Path);
        await Eventually.TrueAsync(() => edge.Log.Contains("Background loop 'handover' failed", StringComparison.Ordinal), "the failure is logged");
        Assert.Equal(EdgeHealth.Degraded, (await edge.StatusAsync()).Health);
        Directory.Delete(_home["run/edge.give"]);
        await Eventually.TrueAsync(() => edge.Log.Contains("Background loop 'handover' works again", StringComparison.Ordinal), "the loop has recovered");
        using var next = await EdgeProcess.StartAsync(edge.Home, edge.Port, takeOver: true);
        Assert.Equal(edge.Port, next.Port);
    }

    private void WriteSnapshot(ServiceRoute service)
    {
        Directory.CreateDirectory(_home["run"]);
        var snapshot = new RoutesSnapshot { Version = 1, ServerSocket = "/none", PlatformHosts = [], Services = [service] };
        File.WriteAllText(_home["run/routes.json"], System.Text.Json.JsonSerializer.Serialize(snapshot, RoutingJson.Default.RoutesSnapshot));
    }

    private static Task AcceptsAgainAsync(int port) => Eventually.TrueAsync(async () =>
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
    }, $"port {port} accepts connections");
}
