using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>What a user does with the command besides deploying: looking, repairing, changing settings, removing.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Logs_after_a_failed_build_show_its_end_and_the_failure()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        platform.Replace("render.yaml", "buildCommand: \"true\"", "buildCommand: \"echo first; printf '\\\\033]0;owned\\\\007'; echo the compiler is unhappy; exit 3\"");
        (await platform.UpAsync()).ShouldFailSaying("build failed");

        var logs = (await platform.RunAsync("logs", HelloApp.Name)).ShouldSucceed();

        Assert.Contains("the compiler is unhappy\n", logs.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', logs.Output);
        Assert.Contains("hello: build failed: ", logs.Error, StringComparison.Ordinal);
        Assert.Contains("status 3", logs.Error, StringComparison.Ordinal);
        Assert.Contains("\\u0007the compiler is unhappy\"", (await platform.RunAsync("logs", HelloApp.Name, "--build", "--json")).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_applies_the_file_of_settings_while_services_keep_running()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        var before = (await platform.StatusAsync())[HelloApp.Name];
        var settings = Path.Combine(platform.Home, "portico.conf");

        await File.WriteAllTextAsync(settings, "PORTICO_DOMAIN=apps.localhost\nPORTICO_HTTP_PORT=1\n", TestContext.Current.CancellationToken);
        var reload = (await platform.RunAsync("reload")).ShouldSucceed();

        Assert.Contains("PORTICO_HTTP_PORT is also in the environment of the server", reload.Error, StringComparison.Ordinal);
        var after = (await platform.StatusAsync())[HelloApp.Name];
        Assert.Equal($"http://hello.apps.localhost:{platform.Port}", after.Url);
        Assert.Equal(before.Instances.Select(instance => instance.Id), after.Instances.Select(instance => instance.Id));
        await Eventually.TrueAsync(
            async () => (await platform.Http.GetAsync(new Uri($"http://hello.apps.localhost:{platform.Port}/"), TestContext.Current.CancellationToken)).IsSuccessStatusCode,
            TimeSpan.FromSeconds(20), "the service answers at its new address");

        await File.WriteAllTextAsync(settings, "PORTICO_KEPT_DEPLOYS=many\n", TestContext.Current.CancellationToken);
        Assert.Equal(2, (await platform.RunAsync("reload")).ShouldFailSaying("PORTICO_KEPT_DEPLOYS is 'many'").ExitCode);
        File.Delete(settings);
        (await platform.RunAsync("status")).ShouldSucceed();
    }

    [Fact]
    public async Task Reload_moves_the_platform_to_another_port_while_services_keep_running()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        var settings = Path.Combine(platform.Home, "portico.conf");
        Directory.CreateDirectory(platform.Home);
        await File.WriteAllTextAsync(settings, $"PORTICO_HTTP_PORT={platform.Port}\n", TestContext.Current.CancellationToken);
        platform.Unset("PORTICO_HTTP_PORT");
        (await platform.UpAsync()).ShouldSucceed();
        var before = (await platform.StatusAsync())[HelloApp.Name];
        Assert.Equal("hello", await HelloApp.AskAsync(platform));

        var port = FreePort.Find();
        await File.WriteAllTextAsync(settings, $"PORTICO_HTTP_PORT={port}\n", TestContext.Current.CancellationToken);
        (await platform.RunAsync("reload")).ShouldSucceed();

        var after = (await platform.StatusAsync())[HelloApp.Name];
        Assert.Equal($"http://hello.localhost:{port}", after.Url);
        Assert.Equal(before.Instances.Select(instance => instance.Id), after.Instances.Select(instance => instance.Id));
        using var http = new HttpClient { DefaultRequestHeaders = { Host = $"hello.localhost:{port}" } };
        await Eventually.BecomesAsync(
            () => http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), TestContext.Current.CancellationToken), text => text == "hello", TimeSpan.FromSeconds(20), "it answers at its new port");
        await Eventually.TrueAsync(async () => !await IsOpenAsync(platform.Port), TimeSpan.FromSeconds(20), "the old port is closed");
        // It belongs to the operator, so `down --delete` keeps it.
        File.Delete(settings);
    }

    private static async Task<bool> IsOpenAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Fact]
    public async Task No_mount_point_is_left_when_everything_is_deleted()
    {
        Programs.Require("git", "node");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Disks are mounted only as root.");
        await using var platform = HelloApp.Create();
        var top = $"/var/portico-test-{Path.GetRandomFileName()}";
        platform.Replace("render.yaml", "startCommand: node server.js", $"startCommand: node server.js\n    disk: {{ name: data, mountPath: {top}/deep/data, sizeGB: 1 }}");
        (await platform.UpAsync()).ShouldSucceed();
        // In a sandbox, the service alone sees its disk at this path.
        Assert.Equal(!File.Exists("/usr/bin/bwrap"), Directory.Exists($"{top}/deep/data"));

        (await platform.RunAsync("down", "--delete", "--yes")).ShouldSucceed();

        Assert.False(Directory.Exists(top));
        Assert.DoesNotContain(platform.Home, await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_home_was_removed_ends_with_all_that_it_started()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        Assert.NotEmpty(Leftovers.Find(platform.Home));

        using (var remove = Process.Start("rm", ["-rf", "--", platform.Home]))
            await remove.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(
            () => Task.FromResult(Leftovers.Find(platform.Home).Count == 0), TimeSpan.FromSeconds(60), "nothing of the platform runs");
    }

    [Fact]
    public async Task Down_with_delete_leaves_no_control_group()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();

        (await platform.RunAsync("down", "--delete", "--yes")).ShouldSucceed();

        Assert.False(Directory.Exists(platform.Home));
        Assert.DoesNotContain(Groups(), group => group.Contains(TagOf(platform.Home), StringComparison.Ordinal));
    }

    /// <summary>The engine names its groups by a digest of its directory.</summary>
    private static string TagOf(string home) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path.Combine(home, "engine"))))[..10];

    private static List<string> Groups() => Directory.Exists("/sys/fs/cgroup")
        ? [.. Directory.EnumerateDirectories("/sys/fs/cgroup", "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true })]
        : [];
}
