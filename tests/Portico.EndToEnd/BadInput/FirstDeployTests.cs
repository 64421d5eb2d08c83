using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.BadInput;

/// <summary>What fails at the first <c>up</c> leaves nothing running, and is repaired by the next one.</summary>
public sealed class FirstDeployTests
{
    [Fact]
    public async Task An_app_that_is_born_broken()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        platform.Replace("server.js", "const http", "throw new Error(\"born broken\"); const http");

        (await platform.UpAsync()).ShouldFailSaying("hello", "start failed", "born broken");

        var hello = (await platform.StatusAsync())[HelloApp.Name];
        Assert.Equal("failed", hello.Status);
        Assert.Equal("update_failed", hello.Deploy!.Status);
        await Eventually.TrueAsync(async () => (await platform.StatusAsync())[HelloApp.Name].Instances.Count == 0,
            TimeSpan.FromSeconds(20), "no instance is left");
        platform.Replace("server.js", "throw new Error(\"born broken\"); ", "");
        (await platform.UpAsync()).ShouldSucceed();
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
    }

    [Fact]
    public async Task A_home_that_workloads_cannot_enter()
    {
        Programs.Require("git");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Otherwise workloads run as the account that runs this test.");
        var closed = Directory.CreateTempSubdirectory("portico-closed-");
        await using var platform = HelloApp.Create(home: Path.Combine(closed.FullName, "home"));

        var up = await platform.UpAsync();

        up.ShouldFailSaying("The server failed to start (exit code 64)", "which cannot enter", "for example /var/lib/portico");
        Assert.DoesNotContain("exception", up.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Portico is not running.", (await platform.RunAsync("down")).ShouldSucceed().Output, StringComparison.Ordinal);
        closed.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk()
    {
        Programs.Require("git", "node", "mount");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can make a small disk.");
        await using var disk = await SmallDisk.MountAsync(megabytes: 24);
        await using var platform = HelloApp.Create(
            new Dictionary<string, string?> { ["PORTICO_MIN_FREE_DISK_MEGABYTES"] = "0" }, Path.Combine(disk.Path, "home"));
        platform.Replace("render.yaml", "buildCommand: \"true\"", "buildCommand: head -c 100000000 /dev/zero > big");

        (await platform.UpAsync()).ShouldFailSaying("No space left on device");

        platform.Write("render.yaml", HelloApp.Blueprint);
        (await platform.UpAsync()).ShouldSucceed();
    }
}
