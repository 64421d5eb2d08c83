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
    public async Task Link_of_the_machine_in_the_mount_path_is_refused()
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Mount namespaces need root.");
        var link = NewPath();
        File.CreateSymbolicLink(link, "/usr");
        await RefusedAsync(Shell("dep-1", "echo started; exec sleep 300") with { Disk = new DiskMount("dsk-1", $"{link}/made") });
        Assert.False(Directory.Exists("/usr/made"));
    }

    /// <summary>The link appears after the check: the root directory is exchanged while instances start.</summary>
    [Fact]
    public async Task Link_that_appears_later_is_refused_by_the_script_that_mounts()
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Mount namespaces need root.");
        var target = NewPath();
        Directory.CreateSymbolicLink(target, "/usr/bin");
        var source = Directory.CreateDirectory(NewPath()).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "setsid"), "#!/bin/sh\nid -u > /tmp/pwned\n", Token);
        var settings = new Dictionary<string, string>
        {
            ["__portico_mounts"] = "1",
            ["__portico_source_0"] = source,
            ["__portico_target_0"] = target,
            ["__portico_user"] = "65534",
            ["__portico_group"] = "65534",
        };
        var left = await Tool.RunAsync(
            ["unshare", "--mount", "--propagation", "private", "--", "/bin/bash", Path.Combine(Fixture.Home, "launch.sh"), "leave", "echo", "ran"], "/", settings, Token);
        Assert.Equal(126, left.ExitCode);
        Assert.Contains("symbolic link", left.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", left.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_that_root_runs_searches_for_no_program()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Fixture.Home, "launch.sh"), Token);
        Assert.Contains("\nPATH=/nonexistent\n", script, StringComparison.Ordinal);
        var code = string.Join('\n', script.Split('\n').Where(line => !line.TrimStart().StartsWith('#') && !line.Contains("echo \"==>", StringComparison.Ordinal)));
        string[] programs =
            ["setpriv", "setsid", "unshare", "mount", "mkdir", "rm", "rmdir", "mv", "cp", "cmp", "ln", "readlink", "chown", "chmod", "truncate", "stat", "sleep",
                "flock", "losetup", "mkfs.ext4", "e2fsck", "resize2fs", "renice", "chrt", "ionice", "bash", "sh", "cat", "grep", "sed", "id"];
        foreach (Match word in Word.Matches(code))
            Assert.False(programs.Contains(word.Groups[1].Value), $"launch.sh runs '{word.Groups[1].Value}' without its path: {word.Value}");
    }

    private async Task RefusedAsync(Revision revision)
    {
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "refused");
        Assert.Contains(s.Instances[0].LastExit!.LastLines, line => line.Contains("symbolic link", StringComparison.Ordinal));
        Assert.DoesNotContain("started", await ReadAsync(new LogQuery { Owner = Owner }));
    }

    /// <summary>A word where a shell expects a command.</summary>
    [GeneratedRegex(@"(?:^|&&|\|\||;|\$\(|\bif|\bexec|\bthen|\bdo|\baccount|\{)[ \t]*([a-z][\w.]*)(?=[ \n])", RegexOptions.Multiline)]
    private static partial Regex Word { get; }
}
