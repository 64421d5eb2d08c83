using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>Somebody sets the machine's clock, by a day.</summary>
public sealed class ClockJumpTests : ProcessEngineTest
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly JumpingTime _time = new();

    private protected override ProcessEngineOptions Options => Fixture.Options with { TimeProvider = _time };

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Build_is_not_ended_early(int days)
    {
        var (go, build) = await WaitingBuildAsync(TimeSpan.FromMinutes(5));
        _time.Jump(days * Day);
        File.WriteAllText(go, "");
        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Build_of_an_earlier_engine_is_not_ended_early(int days)
    {
        var (go, build) = await WaitingBuildAsync(TimeSpan.FromMinutes(5));
        await Engine.DisposeAsync();
        _time.Jump(days * Day);
        await RestartEngineAsync();
        File.WriteAllText(go, "");
        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id));
    }

    [Fact]
    public async Task Build_that_takes_too_long_is_ended_in_time_also_when_the_clock_is_set_back()
    {
        var (_, build) = await WaitingBuildAsync(TimeSpan.FromSeconds(2));
        _time.Jump(-Day);
        Assert.Contains("longer than", Assert.IsType<RunState.Failed>(await UntilOverAsync(build.Id)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_build_took_before_counts_for_the_next_engine()
    {
        var (_, build) = await WaitingBuildAsync(TimeSpan.FromSeconds(2));
        await Engine.DisposeAsync();
        var pid = Native.ProcStat.Parse((await File.ReadAllLinesAsync(PidFile(build), Token))[0])!.Value;
        await Eventually.TrueAsync(() => Native.ProcessIdentity.Of(pid.Pid)!.Age > TimeSpan.FromSeconds(2), "it is old");
        _time.Jump(-Day);
        await RestartEngineAsync();
        Assert.Contains("longer than", Assert.IsType<RunState.Failed>(await UntilOverAsync(build.Id)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crashed_instance_comes_back_when_the_clock_is_set_back_meanwhile()
    {
        var revision = Shell("dep-1", "sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        for (var crash = 1; crash <= 2; crash++)
        {
            await CrashAsync((await UntilReadyAsync(revision.Id, 1)).Instances[0]);
            _time.Jump(-Day);
            await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready } i] && i.Restarts == crash, $"back after crash {crash}");
        }
    }

    [Fact]
    public async Task Crashed_instance_of_an_earlier_engine_comes_back_when_the_clock_is_set_back()
    {
        var revision = Shell("dep-1", "sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        await Engine.DisposeAsync();
        _time.Jump(-Day);
        Native.Libc.Kill(instance.ProcessId!.Value, Native.Libc.SigKill);
        await RestartEngineAsync();
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready, Restarts: 1 }], "back");
    }

    [Fact]
    public async Task Back_off_of_an_earlier_engine_is_over_in_time_when_the_clock_is_set_back()
    {
        var revision = Shell("dep-1", "exit 1");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Restarts: >= 2, Status: InstanceStatus.BackingOff }], "it backs off");
        await Engine.DisposeAsync();
        _time.Jump(-Day);
        await RestartEngineAsync();
        var restarts = Engine.Observe().Instances[0].Restarts;
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ } i] && i.Restarts > restarts, "it is tried again");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Stubborn_instance_has_its_grace_and_not_more(int days)
    {
        var revision = Shell("dep-1", "trap '' TERM; while :; do sleep 0.1; done") with { StopGrace = TimeSpan.FromSeconds(1) };
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        var began = TimeProvider.System.GetTimestamp();
        await Engine.RetireAsync(revision.Id, Token);
        _time.Jump(days * Day);
        await UntilGoneAsync(revision.Id);
        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.9), "its grace was cut short");
        Assert.False(IsAlive(instance.ProcessId!.Value));
    }

    private string PidFile(BuildRequest build) => Path.Combine(Fixture.Home, "runs", build.Id.Value, "pid.1");

    /// <summary>A build that runs until a file is there.</summary>
    private async Task<(string Go, BuildRequest Build)> WaitingBuildAsync(TimeSpan timeout)
    {
        var go = Path.Combine(BuildHome, "go");
        var build = await BuildOf("dep-1", "until [ -e ~/go ]; do sleep 0.05; done") with { Timeout = timeout };
        await Engine.StartBuildAsync(build, Token);
        await Eventually.TrueAsync(() => File.Exists(PidFile(build)), "the build runs");
        return (go, build);
    }
}
