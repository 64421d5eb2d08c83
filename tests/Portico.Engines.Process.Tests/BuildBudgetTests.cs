using Portico.Core.Engines;
using Portico.Testing;
using Portico.Testing.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>What a build may take, and that nothing of it stays. Once with the kernel's control groups and once without.</summary>
public abstract class BuildBudgetTests(bool useControlGroups) : ProcessEngineTest
{
    private const int Megabyte = 1024 * 1024;

    private protected override ProcessEngineOptions Options => Fixture.Options with { UseControlGroups = useControlGroups, LogBytes = Megabyte };

    [Fact]
    public async Task Build_comes_after_everything_else_for_processors_disk_and_memory()
    {
        var build = await BuildOf("dep-1", "echo nice $(nice); echo oom $(cat /proc/self/oom_score_adj); echo $(ionice -p $$)");
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        var log = await RunLogAsync("dep-1");
        Assert.Contains("nice 19", log);
        Assert.Contains("oom 900", log);
        Assert.Contains("idle", log);
    }

    [Fact]
    public async Task Build_that_eats_all_memory_is_ended_and_says_so()
    {
        var build = await BuildOf("dep-1", "head -c 2000000000 /dev/zero | tail | wc -c; sleep 30; false") with
        {
            Limits = new ResourceLimits(64 * Megabyte, CpuMillis: null),
        };
        // Where the kernel ends one process of it, the rest goes on and fails by itself.
        if (Engine.Capabilities.MemoryLimit.Enforced)
            build = build with { Command = "head -c 2000000000 /dev/zero | tail | wc -c; false" };
        Assert.Equal("It ran out of memory: a build may use 64 MB.", Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason);
        Assert.IsType<RunState.Succeeded>(await RunAsync(build with { Id = new RunId("dep-2"), Command = "true" }));
    }

    [Fact]
    public async Task Build_that_prints_without_end_is_ended_and_says_so()
    {
        var build = await BuildOf("dep-1", "yes 'again and again'") with { OutputBytes = 2 * Megabyte };
        Assert.Equal("It printed more than 2 MB and was ended.", Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason);
        Assert.Equal("==> Build failed 😞 It printed more than 2 MB and was ended.", (await RunLogAsync("dep-1"))[^1]);
    }

    [Fact]
    public async Task Build_that_leaves_too_little_of_the_disk_is_ended()
    {
        var home = Path.Combine(Directory.CreateDirectory(NewPath()).FullName, "engine");
        await using var engine = await Fixture.StartAsync(Options with { Home = home, ReservedDiskBytes = long.MaxValue });
        var build = await BuildOf("dep-1", "sleep 300");
        await engine.StartBuildAsync(build, Token);
        Assert.Contains("The disk is nearly full", Assert.IsType<RunState.Failed>(await engine.EndOfAsync(build.Id)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_variables_and_secret_files_are_in_no_word_of_the_engines()
    {
        var build = await BuildOf("dep-1", "test ${#SECRET} = 6 && test $(wc -c <.env) = 6 && exit 3") with
        {
            Environment = new Dictionary<string, string> { ["SECRET"] = "hush-1" },
            SecretFiles = new Dictionary<string, string> { [".env"] = "hush-2" },
        };
        var failed = Assert.IsType<RunState.Failed>(await RunAsync(build));
        Assert.Equal(3, failed.ExitCode);
        Assert.DoesNotContain("hush", failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(await RunLogAsync("dep-1"), line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Time_counts_from_the_moment_that_somebody_asks()
    {
        var build = await BuildOf("dep-1", "true") with { Timeout = TimeSpan.FromTicks(1) };
        Assert.Contains("longer", Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Fixture.Home, "artifacts", "dep-1")));
    }

    [Fact]
    public async Task Cancel_ends_also_what_has_left_group_and_session()
    {
        // A child of a child whose parents have ended, in a session of its own.
        var build = await BuildOf("dep-1", "(setsid sh -c 'sleep 300.75 &' &) ; sleep 300");
        await Engine.StartBuildAsync(build, Token);
        await Eventually.TrueAsync(() => IsRunning("300.75"), "the build runs");
        await Engine.CancelRunAsync(build.Id, Token);
        Assert.Equal("Canceled.", Assert.IsType<RunState.Failed>(await Engine.GetRunAsync(build.Id, Token)).Reason);
        Assert.False(IsRunning("300.75"));
        Assert.False(Directory.Exists(Path.Combine(Fixture.Home, "artifacts", "dep-1")));
    }
}

public sealed class LimitedBuildTests() : BuildBudgetTests(useControlGroups: true)
{
    [Fact]
    public async Task Build_gets_of_the_processors_what_is_idle()
    {
        Require(Engine.Capabilities.CpuLimit.Enforced, "Control groups are not writable here.");
        var build = await BuildOf("dep-1", "sleep 300");
        await Engine.StartBuildAsync(build, Token);
        var pidFile = Path.Combine(Fixture.Home, "runs", "dep-1", "pid.1");
        await Eventually.TrueAsync(() => File.Exists(pidFile), "the build runs");
        var pid = Native.ProcStat.Parse((await File.ReadAllLinesAsync(pidFile, Token))[0])!.Value.Pid;
        var group = (await File.ReadAllLinesAsync($"/proc/{pid}/cgroup", Token)).First(line => line.Contains("-builds/dep-1.1", StringComparison.Ordinal) && line.Split(':') is [_, "" or "cpu", _]);
        var builds = Path.GetDirectoryName(group.Split(':')[2]);
        var idle = new[] { "/sys/fs/cgroup/cpu", "/sys/fs/cgroup" }.Select(root => $"{root}{builds}/cpu.idle").FirstOrDefault(File.Exists);
        Assert.SkipUnless(idle is not null, "This kernel knows nothing but weights.");
        Assert.Equal("1", (await File.ReadAllTextAsync(idle!, Token)).Trim());
        await Engine.CancelRunAsync(build.Id, Token);
    }
}

public sealed class UnlimitedBuildTests() : BuildBudgetTests(useControlGroups: false);
