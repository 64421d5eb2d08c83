using System.Net;
using System.Net.Sockets;
using EngineConformance;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>How ports are given to instances on a machine without a private network, where all listen on the loopback device.</summary>
public sealed class LoopbackPortTests : ProcessEngineTest
{
    private protected override ProcessEngineOptions Options => Fixture.Options with { UsePrivateNetwork = false };

    [Fact]
    public async Task App_that_ignores_its_port_is_found_and_warned_about()
    {
        var port = FreePort.Find();
        var revision = ShellServer("dep-1", $"PORT={port}; export PORT; {Script.Serve}");
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        Assert.Equal(port, instance.Address!.Port);
        Assert.Contains("PORT", instance.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_on_localhost_only_is_warned_about()
    {
        var revision = ShellServer("dep-1", Script.Serve.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready, Warning: not null }], "ready, with a warning")).Instances[0];
        Assert.Contains("localhost", instance.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_fixed_port_is_a_clear_message_until_it_is_free()
    {
        using var stranger = new TcpListener(IPAddress.Any, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        var revision = ShellServer("dep-1", $"PORT={port}; export PORT; {Script.Serve}") with { Port = new PortBinding.Fixed(port), Health = new HealthCheck.Tcp() };
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "a failed start");
        Assert.Contains($"Port {port} is in use", s.Instances[0].LastExit!.LastLines[^1], StringComparison.Ordinal);
        stranger.Stop();
        await UntilReadyAsync(revision.Id, 1);
    }

    [Fact]
    public async Task Stranger_on_the_assigned_port_is_not_taken_for_the_app()
    {
        // The app says which port it got and opens it late, after somebody else has.
        var revision = ShellServer("dep-1", "echo port=$PORT; sleep 3; " + Script.Serve);
        await Engine.EnsureAsync(revision, 1, Token);
        var port = 0;
        await foreach (var line in Engine.ReadLogsAsync(new LogQuery { Owner = Owner, Follow = true }, Token))
            if (line.Text.StartsWith("port=", StringComparison.Ordinal))
            {
                port = int.Parse(line.Text["port=".Length..]);
                break;
            }
        using var stranger = new TcpListener(IPAddress.Any, port);
        stranger.Start();
        var s = await UntilReadyAsync(revision.Id, 1);
        Assert.NotEqual(port, s.Instances[0].Address!.Port);
        Assert.Equal(1, s.Instances[0].Restarts);
    }

    [Fact]
    public async Task Port_that_a_stranger_took_while_the_machine_started_again_is_given_up_for_another()
    {
        var server = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(server, 1, Token);
        var port = (await UntilReadyAsync(server.Id, 1)).Instances[0].Address!.Port;
        await Engine.DisposeAsync();
        await PowerCutAsync();
        using var stranger = new TcpListener(IPAddress.Any, port);
        stranger.Start();
        await RestartEngineAsync();
        Assert.DoesNotContain(Engine.Observe().Instances, i => i.Address is not null);
        await Engine.EnsureAsync(server, 1, Token);
        var back = await UntilAsync(s => Of(s, server.Id) is [{ Status: InstanceStatus.Ready }], "started again");
        Assert.NotEqual(port, back.Instances[0].Address!.Port);
    }
}
