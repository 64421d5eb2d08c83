// Lists of several kinds of actions are compared.
#pragma warning disable CA1859
using Portico.Core.Engines;
using Portico.Core.Supervision;

namespace Portico.Core.Tests.Supervision;

public sealed class SupervisorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Missing_instances_are_made()
    {
        Assert.Equal([Create(), Create()], Decide(Revision(2)).Actions);
        Assert.Equal([Create()], Decide(Revision(2), Ready(1)).Actions);
        Assert.Empty(Decide(Revision(2), Ready(1), Ready(2)).Actions);
    }

    [Fact]
    public void Too_many_instances_end_from_the_newest()
    {
        Assert.Equal([Stop(3), Stop(2)], Decide(Revision(1), Ready(3), Ready(1), Ready(2)).Actions.OrderByDescending(a => ((SupervisorAction.Stop)a).Instance.Value));
    }

    [Fact]
    public void What_takes_requests_drains_before_it_is_stopped()
    {
        var revision = Revision(1) with { Drains = true };
        var draining = Ready(2) with { DrainingSince = Now };
        Assert.Equal([new SupervisorAction.Drain(new InstanceId("i-2"))], Decide(revision, Ready(1), Ready(2)).Actions);
        // It never took any.
        Assert.Equal([Stop(2)], Decide(revision, Ready(1), Starting(2)).Actions);
        Assert.Equal(InstanceStatus.Draining, draining.StatusAt(Now));
        Assert.Empty(Decide(revision, Ready(1), draining).Actions);
        Assert.Equal(Now + revision.StopGrace + Supervisor.LongestDrain, Decide(revision, Ready(1), draining).WakeAt);
        Assert.Equal([Stop(2)], Decide(revision, Ready(1), draining with { DrainingSince = Now - revision.StopGrace - Supervisor.LongestDrain }).Actions);
        Assert.Equal([Remove(2)], Decide(revision, Ready(1), draining with { ExitedAt = Now }).Actions);
        // It counts no more: another one is made.
        Assert.Equal([Create()], Decide(revision with { Instances = 2 }, Ready(1), draining).Actions);
        Assert.Equal([Stop(1), Stop(2)], Decide(revision with { Retired = true }, Ready(1), draining).Actions);
    }

    [Fact]
    public void Unconfirmed_revision_gets_nothing_new()
    {
        var revision = Revision(2) with { Confirmed = false };
        Assert.Empty(Decide(revision, Ready(1), Crashed(2, Now.AddMinutes(-5), 1)).Actions);
        Assert.Equal([Stop(1), Remove(2)], Decide(revision with { Retired = true }, Ready(1), Crashed(2, Now, 1)).Actions);
    }

    [Fact]
    public void Crashed_instance_waits_as_long_as_it_has_crashed_often()
    {
        Assert.Equal([Start(1)], Decide(Revision(1), Crashed(1, Now, 1)).Actions);
        var waiting = Decide(Revision(1), Crashed(1, Now, 4));
        Assert.Empty(waiting.Actions);
        Assert.Equal(Now.AddSeconds(4), waiting.WakeAt);
        Assert.Equal([Start(1)], Decide(Revision(1), Crashed(1, Now.AddSeconds(-4), 4)).Actions);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(6, 16)]
    [InlineData(7, 32)]
    [InlineData(8, 60)]
    [InlineData(1_000_000, 60)]
    public void Pause_doubles_up_to_a_minute(int failures, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), CrashBackOff.Delay(failures));

    [Fact]
    public void Long_uptime_makes_the_next_crash_the_first()
    {
        Assert.Equal(6, CrashBackOff.FailuresAfter(5, TimeSpan.FromSeconds(59)));
        Assert.Equal(1, CrashBackOff.FailuresAfter(5, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Stopping_instance_is_killed_when_its_grace_is_over_and_removed_when_it_has_ended()
    {
        var stopping = Ready(1) with { StoppingSince = Now.AddSeconds(-29) };
        var retired = Revision(1) with { Retired = true };
        Assert.Equal(Now.AddSeconds(1), Decide(retired, stopping).WakeAt);
        Assert.Equal([Kill(1)], Decide(retired, stopping with { StoppingSince = Now.AddSeconds(-30) }).Actions);
        Assert.Empty(Decide(retired, stopping with { StoppingSince = Now.AddSeconds(-40), Killed = true }).Actions);
        Assert.Equal([Remove(1)], Decide(retired, stopping with { ExitedAt = Now }).Actions);
    }

    [Fact]
    public void Failing_instance_leaves_the_rotation_then_is_restarted()
    {
        var failing = Ready(1) with { Health = new InstanceHealth(Now.AddHours(-1), Now) };
        Assert.Equal(InstanceStatus.Ready, failing.StatusAt(Now.AddSeconds(14)));
        Assert.Equal(InstanceStatus.Unhealthy, failing.StatusAt(Now.AddSeconds(15)));
        Assert.Equal(Now.AddSeconds(15), Decide(Revision(1), failing).WakeAt);
        var late = failing with { Health = new InstanceHealth(Now.AddHours(-1), Now.AddSeconds(-60)) };
        Assert.Equal([new SupervisorAction.Stop(late.Id, ComesBack: true)], Decide(Revision(1), late).Actions);
        Assert.Empty(Decide(Revision(1) with { Confirmed = false }, late).Actions);
    }

    [Fact]
    public void Slow_start_is_no_failure()
    {
        var health = InstanceHealth.Unknown.Failed(Now).Failed(Now.AddMinutes(5));
        Assert.Equal(InstanceStatus.Starting, health.StatusAt(Now.AddMinutes(10)));
        Assert.Equal(InstanceStatus.Ready, health.Passed(Now).StatusAt(Now));
    }

    [Fact]
    public void Restart_rolls_one_by_one_and_never_below_the_wanted_number()
    {
        var revision = Revision(2) with { RestartToken = "t" };
        Assert.Equal([Create()], Decide(revision, Ready(1), Ready(2)).Actions);
        Assert.Empty(Decide(revision, Ready(1), Ready(2), Starting(3, "t")).Actions);
        Assert.Equal([Stop(1), Create()], Decide(revision, Ready(1), Ready(2), Ready(3, "t")).Actions);
        Assert.Empty(Decide(revision, Ready(2), Ready(3, "t"), Starting(4, "t")).Actions);
        Assert.Equal([Stop(2)], Decide(revision, Ready(2), Ready(3, "t"), Ready(4, "t")).Actions);
    }

    [Fact]
    public void Restart_replaces_what_does_not_run_anyway_at_once()
    {
        var revision = Revision(1) with { RestartToken = "t" };
        Assert.Equal([Remove(1), Create()], Decide(revision, Crashed(1, Now, 5)).Actions);
    }

    [Fact]
    public void Exclusive_revision_never_has_two()
    {
        var revision = Revision(1) with { RestartToken = "t", Exclusive = true };
        Assert.Equal([Stop(1)], Decide(revision, Ready(1)).Actions);
        Assert.Empty(Decide(revision, Ready(1) with { StoppingSince = Now }).Actions);
        Assert.Equal([Create()], Decide(revision).Actions);
    }

    [Fact]
    public void Disk_is_given_on_when_the_last_one_that_used_it_has_ended()
    {
        var old = Revision(1) with { Id = new RevisionId("old"), Retired = true, Disk = "d", Exclusive = true };
        var next = Revision(1) with { Disk = "d", Exclusive = true };
        var holder = Ready(1) with { Revision = old.Id };
        Assert.Equal([new SupervisorAction.Stop(holder.Id, false)], DecideAll([old, next], holder));
        Assert.Empty(DecideAll([old, next], holder with { StoppingSince = Now }));
        Assert.Equal([Create()], DecideAll([old, next]));
    }

    internal static SupervisedRevision Revision(int instances) => new()
    {
        Id = new RevisionId("r"),
        Instances = instances,
        Confirmed = true,
        Retired = false,
        Exclusive = false,
        Drains = false,
        StopGrace = TimeSpan.FromSeconds(30),
    };

    internal static SupervisedInstance Starting(long sequence, string? token = null) => new()
    {
        Id = new InstanceId($"i-{sequence}"),
        Revision = new RevisionId("r"),
        Sequence = sequence,
        RestartToken = token,
    };

    private static SupervisedInstance Ready(long sequence, string? token = null) =>
        Starting(sequence, token) with { Health = new InstanceHealth(Now.AddHours(-1), null) };

    private static SupervisedInstance Crashed(long sequence, DateTimeOffset at, int failures) => Starting(sequence) with { ExitedAt = at, Failures = failures };

    private static SupervisorPlan Decide(SupervisedRevision revision, params SupervisedInstance[] instances) =>
        Supervisor.Decide(revision, [revision], instances.ToLookup(instance => instance.Revision), Now);

    private static SupervisorAction[] DecideAll(SupervisedRevision[] revisions, params SupervisedInstance[] instances) =>
        [.. revisions.SelectMany(revision => Supervisor.Decide(revision, revisions, instances.ToLookup(instance => instance.Revision), Now).Actions)];

    private static SupervisorAction Create() => new SupervisorAction.Create(new RevisionId("r"));

    private static SupervisorAction Start(long sequence) => new SupervisorAction.Start(new InstanceId($"i-{sequence}"));

    private static SupervisorAction Stop(long sequence) => new SupervisorAction.Stop(new InstanceId($"i-{sequence}"), ComesBack: false);

    private static SupervisorAction Kill(long sequence) => new SupervisorAction.Kill(new InstanceId($"i-{sequence}"));

    private static SupervisorAction Remove(long sequence) => new SupervisorAction.Remove(new InstanceId($"i-{sequence}"));
}
