using CsCheck;
using Portico.Core.Scaling;

namespace Portico.Core.Tests.Scaling;

public sealed class AutoscalePlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AutoscaleBounds Bounds = new(1, 10, 60, null);

    [Theory]
    [InlineData(2, 80, 3)] // The example of https://render.com/docs/scaling.
    [InlineData(2, 60, 2)]
    [InlineData(3, 60, 3)]
    [InlineData(2, 61, 3)]
    [InlineData(4, 30, 2)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 1000, 10)]
    public void The_formula_is_renders(int current, double cpu, int wanted) =>
        Assert.Equal(wanted, AutoscalePlanner.Wanted(Bounds, current, new Utilization(cpu, 99)));

    [Fact]
    public void Of_cpu_and_memory_the_larger_one_counts_and_what_is_not_known_does_not()
    {
        var both = new AutoscaleBounds(1, 10, 50, 50);
        Assert.Equal(4, AutoscalePlanner.Wanted(both, 2, new Utilization(20, 100)));
        Assert.Equal(3, AutoscalePlanner.Wanted(both, 2, new Utilization(75, null)));
        Assert.Null(AutoscalePlanner.Wanted(both, 2, new Utilization(null, null)));
        Assert.Null(AutoscalePlanner.Wanted(new AutoscaleBounds(1, 10, null, null), 2, new Utilization(99, 99)));
    }

    [Fact]
    public void Up_at_once_but_not_before_the_last_ones_are_ready()
    {
        Assert.Equal(4, AutoscalePlanner.Next(Bounds, 2, [(Now, 4)], isSettled: true, Now));
        Assert.Equal(2, AutoscalePlanner.Next(Bounds, 2, [(Now, 4)], isSettled: false, Now));
    }

    [Fact]
    public void Down_only_to_the_most_that_was_wanted_for_minutes()
    {
        (DateTimeOffset, int) Ago(double minutes, int count) => (Now - TimeSpan.FromMinutes(minutes), count);
        Assert.Equal(5, AutoscalePlanner.Next(Bounds, 5, [Ago(4, 1), Ago(0, 1)], true, Now));
        Assert.Equal(3, AutoscalePlanner.Next(Bounds, 5, [Ago(5, 1), Ago(2, 3), Ago(0, 1)], true, Now));
        Assert.Equal(1, AutoscalePlanner.Next(Bounds, 5, [Ago(6, 5), Ago(4.9, 1), Ago(0, 1)], true, Now));
        Assert.Equal(5, AutoscalePlanner.Next(Bounds, 5, [Ago(6, 5), Ago(3, 5), Ago(0, 1)], true, Now));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(9, 6)]
    public void The_bounds_hold_whatever_is_known(int current, int next) =>
        Assert.Equal(next, AutoscalePlanner.Next(new AutoscaleBounds(2, 6, 60, null), current, [], isSettled: false, Now));

    [Fact]
    public void It_is_never_out_of_bounds_and_a_steady_load_comes_to_rest() => Gen.Select(
        Gen.Int[1, 5], Gen.Int[5, 20], Gen.Int[1, 100], Gen.Double[1, 2000]).Sample((least, most, target, load) =>
        {
            var bounds = new AutoscaleBounds(least, most, target, null);
            var current = least;
            for (var step = 0; step < 10; step++)
            {
                var wanted = AutoscalePlanner.Wanted(bounds, current, new Utilization(load / current, null))!.Value;
                current = AutoscalePlanner.Next(bounds, current, [(Now, wanted)], true, Now);
                Assert.InRange(current, least, most);
            }
            Assert.Equal(current, AutoscalePlanner.Next(bounds, current, [(Now, AutoscalePlanner.Wanted(bounds, current, new Utilization(load / current, null))!.Value)], true, Now));
        });
}
