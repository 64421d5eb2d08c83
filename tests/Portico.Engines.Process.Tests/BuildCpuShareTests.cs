using Microsoft.Extensions.Time.Testing;
using Portico.Engines.Process.Limits;

namespace Portico.Engines.Process.Tests;

public sealed class BuildCpuShareTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<bool> _set = [];
    private TimeSpan? _used = TimeSpan.Zero;

    [Fact]
    public void Builds_that_get_something_stay_idle()
    {
        var share = NewShare();
        for (var i = 0; i < 10; i++)
            Pass(share, TimeSpan.FromSeconds(1));
        Assert.Empty(_set);
    }

    [Fact]
    public void Builds_that_get_nothing_have_a_weight_every_other_turn()
    {
        var share = NewShare();
        for (var i = 0; i < 4; i++)
            Pass(share, TimeSpan.Zero);
        Assert.Equal([false, true, false, true], _set);
    }

    [Fact]
    public void Time_without_a_build_is_no_starvation()
    {
        var share = NewShare();
        for (var i = 0; i < 4; i++)
        {
            _time.Advance(2 * BuildCpuShare.Turn);
            share.Look();
        }
        Assert.Empty(_set);
    }

    [Fact]
    public void A_build_after_a_pause_begins_idle()
    {
        var share = NewShare();
        Pass(share, TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMinutes(1));
        share.Look();
        Assert.Equal([false, true], _set);
    }

    [Fact]
    public void Nothing_changes_where_nobody_counts()
    {
        _used = null;
        var share = NewShare();
        Pass(share, TimeSpan.Zero);
        Assert.Empty(_set);
    }

    private BuildCpuShare NewShare()
    {
        var share = new BuildCpuShare(() => _used, _set.Add, _time);
        share.Look();
        return share;
    }

    private void Pass(BuildCpuShare share, TimeSpan used)
    {
        _used += used;
        for (var passed = TimeSpan.Zero; passed < BuildCpuShare.Turn; passed += TimeSpan.FromSeconds(0.5))
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            share.Look();
        }
    }
}
