namespace Portico.Core.Notifications;

public enum DeliveryStatus
{
    Pending,

    /// <summary>The receiver has accepted it.</summary>
    Delivered,

    /// <summary>Every attempt failed, or the receiver will never accept it.</summary>
    Failed,

    /// <summary>The receiver no longer exists or no longer wants it.</summary>
    Canceled,
}

/// <param name="Attempts">The finished attempts since the message was first sent or last sent again.</param>
/// <param name="ReceiverWaits">Whether the receiver exists and wants the message.</param>
public sealed record DeliveryState(DeliveryStatus Status, int Attempts, DateTimeOffset NextAt, bool ReceiverWaits);

public abstract record DeliveryStep
{
    private DeliveryStep() { }

    /// <param name="Until">When to look again; null when the delivery has ended.</param>
    public sealed record Wait(DateTimeOffset? Until) : DeliveryStep;

    public sealed record Attempt : DeliveryStep;

    public sealed record Cancel : DeliveryStep;
}

public enum AttemptOutcome
{
    Accepted,

    /// <summary>A later attempt may succeed.</summary>
    Failed,

    /// <summary>No attempt can succeed.</summary>
    Refused,
}

/// <summary>Decides when a message is sent and when it is retried. Pure.</summary>
/// <param name="pauses">The pauses between attempts; after the last pause comes the last attempt.</param>
public sealed class DeliveryPlan(IReadOnlyList<TimeSpan> pauses)
{
    /// <summary>Eight attempts within 33 hours, as on Render.</summary>
    public static DeliveryPlan OfWebhooks { get; } = new(
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(4),
        TimeSpan.FromHours(10), TimeSpan.FromHours(18),
    ]);

    /// <summary>Six attempts within five hours: later notifications are no longer useful.</summary>
    public static DeliveryPlan OfMails { get; } = new(
    [
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(4),
    ]);

    public int MostAttempts => pauses.Count + 1;

    public static DeliveryStep Next(DeliveryState delivery, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (delivery.Status != DeliveryStatus.Pending)
            return new DeliveryStep.Wait(null);
        if (!delivery.ReceiverWaits)
            return new DeliveryStep.Cancel();
        return delivery.NextAt <= now ? new DeliveryStep.Attempt() : new DeliveryStep.Wait(delivery.NextAt);
    }

    /// <param name="attempts">The finished attempts, including this one.</param>
    /// <returns>The new state of the message, and when it is retried, if it is.</returns>
    public (DeliveryStatus Status, DateTimeOffset NextAt) After(int attempts, AttemptOutcome outcome, DateTimeOffset now) => outcome switch
    {
        AttemptOutcome.Accepted => (DeliveryStatus.Delivered, now),
        AttemptOutcome.Failed when attempts < MostAttempts => (DeliveryStatus.Pending, now + pauses[attempts - 1]),
        _ => (DeliveryStatus.Failed, now),
    };
}
