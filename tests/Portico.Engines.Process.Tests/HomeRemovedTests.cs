using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>What runs can be ended without the files that say what runs, and nothing of a platform stays behind.</summary>
public sealed class HomeRemovedTests : ProcessEngineTest
{
    [Fact]
    public async Task Everything_ends_although_the_home_was_removed()
    {
        await using var fixture = new ProcessEngineFixture();
        await using var engine = (ProcessEngine)await fixture.StartAsync();
        // One of them ignores SIGTERM, and has a child in a session of its own.
        await engine.EnsureAsync(Shell("dep-1", "trap '' TERM; setsid sleep 300 & while true; do sleep 1; done"), 1, Token);
        await engine.EnsureAsync(Shell("dep-2", "exec sleep 300"), 2, Token);
        await Eventually.TrueAsync(() => Ready(engine) == 3, "three instances are ready");
        int[] processes = [.. engine.Observe().Instances.Select(instance => instance.ProcessId!.Value)];

        await Eventually.TrueAsync(() => IsDeleted(fixture.Home), "the home is deleted");
        await engine.EndAllAsync(Token);

        Assert.DoesNotContain(processes, IsAlive);
        if (IsRoot)
            Assert.DoesNotContain(new EngineHome(fixture.Home, TimeProvider.System).Tag, (await Tool.RunAsync(["nft", "list", "tables"], Token)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_platform_without_owners_leaves_no_control_group_and_no_mount_point()
    {
        Require(IsRoot, "root");
        await using var fixture = new ProcessEngineFixture();
        await using (var engine = (ProcessEngine)await fixture.StartAsync())
        {
            await engine.EnsureAsync(Shell("dep-1", "exec sleep 300"), 1, Token);
            await Eventually.TrueAsync(() => Ready(engine) == 1, "the instance is ready");
            await engine.DeleteOwnerAsync(Owner, Token);
        }

        var tag = new EngineHome(fixture.Home, TimeProvider.System).Tag;
        Assert.DoesNotContain(
            Directory.EnumerateDirectories("/sys/fs/cgroup").SelectMany(path => Directory.EnumerateDirectories(path).Append(path)),
            path => path.Contains(tag, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(fixture.Home, "mount-points")));
    }

    [Fact]
    public void Mount_points_that_were_made_are_removed_and_all_others_stay()
    {
        var home = new EngineHome(NewPath(), TimeProvider.System);
        Directory.CreateDirectory(home.Root);
        var (there, used) = (Directory.CreateDirectory(NewPath()).FullName, NewPath());

        var made = Path.Combine(there, "a", "b");
        foreach (var directory in (string[])[Path.Combine(there, "a"), made, used])
        {
            File.AppendAllLines(home.MountPoints, [directory]);
            Directory.CreateDirectory(directory);
        }
        File.WriteAllText(Path.Combine(used, "file"), "");
        Assert.True(Directory.Exists(made));
        Workloads.MountPoints.RemoveAll(home);

        Assert.True(Directory.Exists(there));
        Assert.Empty(Directory.EnumerateFileSystemEntries(there));
        Assert.True(File.Exists(Path.Combine(used, "file")));
    }

    private static int Ready(ProcessEngine engine) => engine.Observe().Instances.Count(instance => instance.Status == InstanceStatus.Ready);

    /// <summary>The engine writes into it meanwhile, so one attempt may fail.</summary>
    private static bool IsDeleted(string home)
    {
        try
        {
            Directory.Delete(home, recursive: true);
        }
        catch (IOException)
        {
            return false;
        }
        return !Directory.Exists(home);
    }
}
