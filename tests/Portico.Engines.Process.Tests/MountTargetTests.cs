using System.Text.RegularExpressions;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>What root mounts and runs for a workload cannot be chosen by the workload.</summary>
public sealed partial class MountTargetTests : ProcessEngineTest
{
    [Theory]
    [InlineData("ln -s /usr/bin data", "/opt/render/project/src/data")]
    [InlineData("ln -s /usr data", "/opt/render/project/src/data/bin")]
    [InlineData("mkdir real; ln -s real data", "/opt/render/project/src/data")]
    public async Task Link_in_the_repository_at_the_mount_path_is_refused(string build, string path)
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Mount namespaces need root.");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", build))).Artifact!.Value;
        await RefusedAsync(Shell("dep-1", "echo started; exec sleep 300") with { Artifact = artifact, Disk = new DiskMount("dsk-1", path) });
    }

    [Fact]
    public async Task Link_of_the_machine_in_the_mount_path_means_nothing_in_a_sandbox()
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Disks need a sandbox.");
        var link = NewPath();
        File.CreateSymbolicLink(link, "/usr");
        var revision = Shell("dep-1", $"echo kept > {link}/made/file; echo started; exec sleep 300") with { Disk = new DiskMount("dsk-1", $"{link}/made") };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.False(Directory.Exists("/usr/made"));
        Assert.True(File.Exists(Path.Combine(Fixture.Home, "disks", "dsk-1", "file")));
    }

    /// <summary>The app replaces what the sandbox mounts on, in each place that lasts longer than an instance.</summary>
    [Theory]
    [InlineData("rm -rf /var/data/at; ln -s /usr/bin /var/data/at; ln -s ../../../../../usr/bin /var/data/up")]
    [InlineData("rm -rf ~/project/other; ln -s / ~/other; ln -s /usr ~/project/other")]
    [InlineData("cd /opt/render/project/src; rm -rf data; ln -s /usr/bin data")]
    public async Task Links_that_a_running_app_makes_reach_nothing_of_the_machine(string line)
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Disks need a sandbox.");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", "mkdir data"))).Artifact!.Value;
        var before = Directory.GetFileSystemEntries("/usr/bin").Length;
        foreach (var (id, path) in ((string, string)[])[("dep-1", "/var/data"), ("dep-2", "/var/data"), ("dep-3", "/opt/render/project/src/data")])
        {
            var revision = Shell(id, $"{line}; echo made > $(echo {path})/made-by-app; echo started; exec sleep 300") with
            {
                Artifact = artifact,
                Disk = new DiskMount("dsk-1", path),
            };
            await Engine.EnsureAsync(revision, 1, Token);
            await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready }], "started");
            await CrashAsync(Engine.Observe().Instances.Single(instance => instance.Revision == revision.Id));
            await UntilAsync(s => Of(s, revision.Id) is [{ Restarts: 1, Status: InstanceStatus.Ready }], "started again");
        }
        Assert.Equal(before, Directory.GetFileSystemEntries("/usr/bin").Length);
        Assert.False(File.Exists("/usr/bin/made-by-app"));
    }

    [Theory]
    [InlineData("launch.sh")]
    [InlineData("enter.sh")]
    public async Task Script_that_starts_workloads_searches_for_no_program(string name)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Fixture.Home, name), Token);
        Assert.Contains("\nPATH=/nonexistent\n", script, StringComparison.Ordinal);
        var code = string.Join('\n', script.Split('\n').Where(line => !line.TrimStart().StartsWith('#') && !line.Contains("echo \"==>", StringComparison.Ordinal)));
        string[] programs =
            ["setpriv", "setsid", "unshare", "mount", "mkdir", "rm", "rmdir", "mv", "cp", "cmp", "ln", "readlink", "chown", "chmod", "truncate", "stat", "sleep",
                "flock", "losetup", "mkfs.ext4", "e2fsck", "resize2fs", "renice", "chrt", "ionice", "bash", "sh", "cat", "grep", "sed", "id"];
        foreach (Match word in Word.Matches(code))
            Assert.False(programs.Contains(word.Groups[1].Value), $"{name} runs '{word.Groups[1].Value}' without its path: {word.Value}");
    }

    private async Task RefusedAsync(Revision revision)
    {
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "refused");
        Assert.Contains(s.Instances[0].LastExit!.LastLines, line => line.Contains("symbolic link", StringComparison.Ordinal));
        Assert.DoesNotContain("started", await ReadAsync(new LogQuery { Owner = Owner }));
    }

    /// <summary>A word where a shell expects a command.</summary>
    [GeneratedRegex(@"(?:^|&&|\|\||;|\$\(|\bif|\bexec|\bthen|\bdo|\{)[ \t]*([a-z][\w.]*)(?=[ \n])", RegexOptions.Multiline)]
    private static partial Regex Word { get; }
}
