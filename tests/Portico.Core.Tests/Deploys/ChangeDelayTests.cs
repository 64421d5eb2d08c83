using Portico.Core.Deploys;

namespace Portico.Core.Tests.Deploys;

public sealed class ChangeDelayTests
{
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_change_starts_the_delay_again_up_to_a_longest_time()
    {
        for (var second = 0; second <= 60; second++)
        {
            var now = First + TimeSpan.FromSeconds(second);
            var due = ChangeDelay.DueAt(First, now);
            Assert.InRange(due, First + ChangeDelay.AfterLast, First + ChangeDelay.Longest);
            Assert.True(due == now + ChangeDelay.AfterLast || due == First + ChangeDelay.Longest);
        }
    }

    [Fact]
    public void A_deploy_is_due_at_its_time_and_when_the_clock_was_set_back()
    {
        var due = ChangeDelay.DueAt(First, First);

        Assert.Equal(ChangeDelay.AfterLast, ChangeDelay.UntilDue(due, First));
        Assert.Equal(TimeSpan.Zero, ChangeDelay.UntilDue(due, due));
        Assert.Equal(TimeSpan.Zero, ChangeDelay.UntilDue(due, due + TimeSpan.FromDays(1)));
        Assert.Equal(TimeSpan.Zero, ChangeDelay.UntilDue(due, First - TimeSpan.FromDays(1)));
    }
}
