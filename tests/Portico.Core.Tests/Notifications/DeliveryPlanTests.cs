using Portico.Core.Notifications;

namespace Portico.Core.Tests.Notifications;

public sealed class DeliveryPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_webhook_is_tried_eight_times_within_33_hours()
    {
        var (now, attempts) = (Now, 1);
        for (var step = DeliveryPlan.OfWebhooks.After(attempts, AttemptOutcome.Failed, now);
             step.Status == DeliveryStatus.Pending;
             step = DeliveryPlan.OfWebhooks.After(++attempts, AttemptOutcome.Failed, now))
        {
            Assert.True(step.NextAt - now >= TimeSpan.FromSeconds(10));
            now = step.NextAt;
        }

        Assert.Equal(8, attempts);
        Assert.InRange((now - Now).TotalHours, 32.5, 33.5);
    }

    [Fact]
    public void What_was_accepted_or_refused_is_not_sent_again()
    {
        Assert.Equal(DeliveryStatus.Delivered, DeliveryPlan.OfWebhooks.After(1, AttemptOutcome.Accepted, Now).Status);
        Assert.Equal(DeliveryStatus.Failed, DeliveryPlan.OfMails.After(1, AttemptOutcome.Refused, Now).Status);
    }

    [Fact]
    public void Only_what_is_due_and_wanted_is_sent()
    {
        var due = new DeliveryState(DeliveryStatus.Pending, 0, Now, ReceiverWaits: true);

        Assert.IsType<DeliveryStep.Attempt>(DeliveryPlan.Next(due, Now));
        Assert.Equal(new DeliveryStep.Wait(Now.AddSeconds(1)), DeliveryPlan.Next(due with { NextAt = Now.AddSeconds(1) }, Now));
        Assert.IsType<DeliveryStep.Cancel>(DeliveryPlan.Next(due with { ReceiverWaits = false }, Now));
        foreach (var ended in (DeliveryStatus[])[DeliveryStatus.Delivered, DeliveryStatus.Failed, DeliveryStatus.Canceled])
            Assert.Equal(new DeliveryStep.Wait(null), DeliveryPlan.Next(due with { Status = ended }, Now));
    }
}
