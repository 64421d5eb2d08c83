using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Api.Access;

namespace Portico.ControlPlane.Tests.Access;

public sealed class RateWindowsTests
{
    [Fact]
    public void Many_names_do_not_fill_the_memory_and_share_what_is_left()
    {
        var windows = new RateWindows(2, new FakeTimeProvider());
        for (var name = 0; name < 10_000; name++)
            windows.Take($"{name}");

        Assert.False(windows.Take("a").IsOver);
        Assert.False(windows.Take("b").IsOver);
        Assert.True(windows.Take("c").IsOver);
        Assert.False(windows.Take("0").IsOver);
    }

    [Fact]
    public void What_is_over_makes_room()
    {
        var time = new FakeTimeProvider();
        var windows = new RateWindows(1, time);
        for (var name = 0; name < 10_000; name++)
            windows.Take($"{name}");
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(windows.Take("a").IsOver);
        Assert.False(windows.Take("b").IsOver);
    }

    [Fact]
    public void Two_at_once_never_get_more_than_there_is()
    {
        var windows = new RateWindows(1000, new FakeTimeProvider());
        var passed = 0;
        Parallel.For(0, 4000, _ =>
        {
            if (!windows.Take("one").IsOver)
                Interlocked.Increment(ref passed);
        });

        Assert.Equal(1000, passed);
    }
}
