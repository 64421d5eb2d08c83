using Portico.Core.Sleep;

namespace Portico.Core.Tests.Sleep;

public sealed class SleepPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SleepPlanner Planner = new(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(5));
    private static readonly SleepWorld Calm = new(EdgeAnswers: true, DeployUnderWay: false, IsReady: true, Exits: 0);

    private static SleepingService Service(SleepState state, double minutesSinceTraffic = 20, double minutesSince = 1) => new()
    {
        State = state,
        Runs = true,
        MaySleep = true,
        Since = Now - TimeSpan.FromMinutes(minutesSince),
        LastTraffic = Now - TimeSpan.FromMinutes(minutesSinceTraffic),
    };

    [Theory]
    [InlineData(14.9, null)]
    [InlineData(15, SleepState.Asleep)]
    public void It_sleeps_after_its_time_without_traffic(double minutes, SleepState? next) =>
        Assert.Equal(next, Planner.Next(Service(SleepState.Awake, minutes), Calm, Now));

    [Fact]
    public void It_stays_awake_where_traffic_is_not_known_or_a_deploy_is_under_way()
    {
        Assert.Null(Planner.Next(Service(SleepState.Awake), Calm with { EdgeAnswers = false }, Now));
        Assert.Null(Planner.Next(Service(SleepState.Awake), Calm with { DeployUnderWay = true }, Now));
        Assert.Null(Planner.Next(Service(SleepState.Awake) with { LastTraffic = null }, Calm, Now));
        Assert.Null(Planner.Next(Service(SleepState.Awake) with { MaySleep = false }, Calm, Now));
    }

    [Fact]
    public void It_sleeps_until_it_is_asked_for_or_may_sleep_no_more()
    {
        Assert.Null(Planner.Next(Service(SleepState.Asleep), Calm, Now));
        Assert.Equal(SleepState.Waking, Planner.Next(Service(SleepState.Asleep) with { MaySleep = false }, Calm, Now));
    }

    [Fact]
    public void Waking_is_over_when_it_is_ready_or_will_not_be()
    {
        var starting = Calm with { IsReady = false };
        Assert.Null(Planner.Next(Service(SleepState.Waking), starting, Now));
        Assert.Equal(SleepState.Awake, Planner.Next(Service(SleepState.Waking), Calm, Now));
        Assert.Equal(SleepState.Awake, Planner.Next(Service(SleepState.Waking), starting with { Exits = 3 }, Now));
        Assert.Equal(SleepState.Awake, Planner.Next(Service(SleepState.Waking, minutesSince: 5), starting, Now));
    }

    [Theory]
    [InlineData(SleepState.Awake, null)]
    [InlineData(SleepState.Asleep, SleepState.Awake)]
    [InlineData(SleepState.Waking, SleepState.Awake)]
    public void What_is_suspended_does_not_sleep(SleepState state, SleepState? next) =>
        Assert.Equal(next, Planner.Next(Service(state) with { Runs = false }, Calm, Now));
}
