using System.Net;
using System.Net.Sockets;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.BadInput;

/// <summary>Commands that meet: with another program's port, with each other, with Ctrl-C.</summary>
public sealed class ContendingCommandTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_what_to_set_instead()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        using (var taken = new TcpListener(IPAddress.Any, platform.Port))
        {
            taken.Start();
            var refused = (await platform.UpAsync()).ShouldFailSaying($"{platform.Port}", "PORTICO_HTTP_PORT");
            Assert.Equal(3, refused.ExitCode);
        }

        (await platform.UpAsync()).ShouldSucceed();
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
    }

    [Fact]
    public async Task Two_ups_at_once_end_in_one_live_app()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        using var one = platform.Start("up", "--detach", "--no-input");
        using var other = platform.Start("up", "--detach", "--no-input");

        var results = await Task.WhenAll(one.EndAsync(Soon), other.EndAsync(Soon));

        Assert.All(results, result => result.ShouldSucceed());
        var hello = (await platform.StatusAsync())[HelloApp.Name];
        Assert.Equal("live", hello.Deploy!.Status);
        Assert.Single(hello.Instances);
    }

    [Fact]
    public async Task Ctrl_C_in_the_middle_leaves_a_state_that_the_next_up_completes()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        platform.Replace("render.yaml", "buildCommand: \"true\"", "buildCommand: sleep 5");
        using (var up = platform.Start("up"))
        {
            await Eventually.TrueAsync(async () => await platform.ServerStatusAsync() is { Resources.Count: > 0 }, Soon, "the app is known");
            up.Interrupt();
            var interrupted = await up.EndAsync(TimeSpan.FromSeconds(20));
            Assert.NotEqual(0, interrupted.ExitCode);
        }

        (await platform.UpAsync()).ShouldSucceed();
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
    }

    [Fact]
    public async Task Commands_without_a_platform_say_so()
    {
        await using var platform = HelloApp.Create();

        (await platform.RunAsync("logs", "hello")).ShouldFailSaying("up");
        (await platform.RunAsync("down")).ShouldSucceed();
        (await platform.RunAsync("nonsense")).ShouldFailSaying("nonsense");
    }
}
