using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

public sealed class IsolationTests : ProcessEngineTest
{
    [Fact]
    public async Task As_root_workloads_run_as_an_account_that_reads_nothing_of_the_engine()
    {
        Require(IsRoot, "Only root can become another account.");
        var state = NewPath();
        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(state, "keys"), "secret", Token);
        var revision = Shell("dep-1", "true") with { Environment = new Dictionary<string, string> { ["SECRET"] = "hush" } };
        var other = Shell("dep-2", "exec sleep 300") with { Environment = new Dictionary<string, string> { ["SECRET"] = "hush" } };
        await Engine.EnsureAsync(other, 1, Token);
        await UntilReadyAsync(other.Id, 1);
        await RunJobAsync("job-1", revision, $"id -un; cat {state}/keys; ls {Fixture.Home}; cat {Fixture.Home}/revisions/* {Fixture.Home}/instances/*/* {Fixture.Home}/logs/*/*; grep -i capeff /proc/self/status; grep NoNewPrivs /proc/self/status; id -G");
        var log = await RunLogAsync("job-1");
        Assert.Contains(Engine.Capabilities.Isolation ? "render" : "portico", log);
        Assert.Contains(log, line => line.StartsWith("CapEff:", StringComparison.Ordinal) && line.EndsWith("0000000000000000", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("NoNewPrivs:", StringComparison.Ordinal) && line.EndsWith('1'));
        Assert.DoesNotContain(log, line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Variables_of_a_user_do_not_reach_what_runs_with_the_engines_rights()
    {
        Require(IsRoot, "Only root has more rights than a workload.");
        var trap = NewPath();
        await File.WriteAllTextAsync(trap, "id -un > /proc/self/fd/1\n", Token);
        var variables = new Dictionary<string, string> { ["ENV"] = trap, ["BASH_ENV"] = trap, ["LD_PRELOAD"] = "/nonexistent/evil.so", ["PATH"] = "/nonexistent", ["IFS"] = "/" };
        await RunJobAsync("job-1", Shell("dep-1", "true") with { Environment = variables }, "/usr/bin/id -un; echo \"$PATH\"");
        var log = await RunLogAsync("job-1");
        Assert.DoesNotContain("root", log);
        Assert.Contains("/nonexistent", log);
    }

    [Theory]
    [InlineData("/opt/render/project/src/data", "data")]
    [InlineData(null, "{path}")]
    public async Task Disk_is_mounted_where_the_service_alone_sees_it(string? path, string relative)
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Mount namespaces need root.");
        path ??= NewPath();
        var build = await BuildOf("dep-b", "true");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
        var seen = relative.Replace("{path}", path, StringComparison.Ordinal);
        var revision = Shell("dep-1", $"echo kept > {seen}/file; cat {path}/file; cat README; exec sleep 300") with
        {
            Artifact = artifact,
            Disk = new DiskMount("dsk-1", path),
        };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.Equal(["kept", "hello"], await ReadAsync(new LogQuery { Owner = Owner, Tail = 2 }));
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(Fixture.Home, "disks", "dsk-1", "file"), Token));
        Assert.False(File.Exists(Path.Combine(path, "file")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/etc/ssl")]
    [InlineData("relative")]
    [InlineData("/var/../usr/bin")]
    [InlineData("/var/run/app")]
    public async Task Disk_is_not_mounted_over_the_system(string path)
    {
        var revision = Shell("dep-1", "exec sleep 300") with { Disk = new DiskMount("dsk-1", path) };
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "refused");
        Assert.Contains("disk", s.Instances[0].LastExit!.LastLines[^1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task As_root_workloads_write_to_none_of_the_directories_of_the_system()
    {
        Require(IsRoot, "Only root can become another account.");
        await RunJobAsync("job-1", Shell("dep-1", "true"), """
            for directory in / /bin /boot /etc /home /lib /opt /root /run /sbin /srv /usr /usr/local /usr/local/bin /var /var/lib /var/log; do
              if touch $directory/portico-written; then echo "wrote to $directory"; rm -f $directory/portico-written; fi
            done
            touch /tmp/portico-written-$$ && rm /tmp/portico-written-$$ && touch here && echo "wrote here"
            """);
        var log = await RunLogAsync("job-1");
        Assert.Contains("wrote here", log);
        Assert.DoesNotContain(log, line => line.StartsWith("wrote to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Memory_beyond_the_limit_is_reported_as_such()
    {
        Require(Engine.Capabilities.MemoryLimit.Enforced, "Control groups are not writable here.");
        var revision = Shell("dep-1", "python3 -c 'x = bytearray(200_000_000); import time; time.sleep(300)'") with { Limits = new ResourceLimits(50_000_000, null) };
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "killed");
        Assert.True(s.Instances[0].LastExit!.OutOfMemory);
        var failed = Assert.IsType<RunState.Failed>(await RunJobAsync("job-1", revision, "python3 -c 'x = bytearray(200_000_000)'"));
        Assert.Contains("memory", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory' >&2; seq 40; kill -ABRT $$", "Node.js")]
    [InlineData("echo 'java.lang.OutOfMemoryError: Java heap space' >&2; exit 3", "Java")]
    [InlineData("/usr/bin/python3 -c 'raise MemoryError'", "Python")]
    public async Task Program_that_ends_itself_for_lack_of_memory_is_reported_as_such(string line, string who)
    {
        var revision = Shell("dep-1", line);
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "ended");
        Assert.True(s.Instances[0].LastExit!.OutOfMemory);
        var failed = Assert.IsType<RunState.Failed>(await RunAsync(await BuildOf("dep-b", line)));
        Assert.Contains($"out of memory: {who}", failed.Reason, StringComparison.Ordinal);
        Assert.True(failed.Cause!.OutOfMemory);
    }

    [Fact]
    public async Task Cpu_limit_is_applied()
    {
        Require(Engine.Capabilities.CpuLimit.Enforced, "Control groups are not writable here.");
        var revision = Shell("dep-1", "true") with { Limits = new ResourceLimits(null, 200) };
        // One second of CPU at a fifth of a core would take five; a tenth of that is enough to see it.
        Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, "python3 -c 'import time\nw = time.time()\nwhile time.process_time() < 0.3: pass\nassert time.time() - w > 0.8'"));
    }

    [Fact]
    public async Task Control_groups_are_removed_with_their_workload()
    {
        Require(Engine.Capabilities.MemoryLimit.Enforced, "Control groups are not writable here.");
        var revision = Shell("dep-1", "exec sleep 300") with { Limits = new ResourceLimits(100_000_000, 500) };
        await Engine.EnsureAsync(revision, 1, Token);
        var pid = (await UntilReadyAsync(revision.Id, 1)).Instances[0].ProcessId!.Value;
        var tag = new EngineHome(Fixture.Home, TimeProvider.System).Tag;
        var groups = (await File.ReadAllLinesAsync($"/proc/{pid}/cgroup", Token)).Where(line => line.Contains(tag, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(groups);
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        await Eventually.TrueAsync(
            () => Directory.GetDirectories("/sys/fs/cgroup").All(root => groups.All(group => !Directory.Exists(root + group.Split(':', 3)[2]))), "no group left");
    }
}
