using Portico.ControlPlane.Deploys;

namespace Portico.ControlPlane.Tests.Builds;

public sealed class DeployClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SetClock _time = new() { Now = Start };
    private readonly DeployClock _clock;

    public DeployClockTests() => _clock = new DeployClock(_time);

    [Fact]
    public void What_passes_as_it_should_changes_nothing()
    {
        Look(TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(Start, Look(TimeSpan.FromHours(1), TimeSpan.FromHours(1)).Correct(Start));
    }

    [Fact]
    public void A_clock_that_jumps_ahead_takes_no_time_away()
    {
        Look(TimeSpan.Zero, TimeSpan.Zero);
        Look(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3));
        // A laptop that slept for a night.
        var clock = Look(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.Equal(_time.Now - TimeSpan.FromMinutes(3) - TimeSpan.FromSeconds(1), clock.Correct(Start));
        // One that began after it is no younger than now.
        Assert.Equal(_time.Now, clock.Correct(_time.Now));
    }

    [Fact]
    public void A_clock_that_is_set_back_begins_the_time_anew()
    {
        Look(TimeSpan.Zero, TimeSpan.Zero);
        var clock = Look(TimeSpan.FromDays(-300), TimeSpan.FromSeconds(1));
        Assert.Equal(_time.Now, clock.Correct(Start));
        Assert.Equal(_time.Now.AddMinutes(-1), clock.Correct(_time.Now.AddMinutes(-1)));
    }

    /// <param name="shown">So much later the clock shows.</param>
    /// <param name="passed">So much time has really passed.</param>
    private DeployClock Look(TimeSpan shown, TimeSpan passed)
    {
        (_time.Now, _time.Passed) = (_time.Now + shown, _time.Passed + passed);
        _clock.Look();
        return _clock;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
