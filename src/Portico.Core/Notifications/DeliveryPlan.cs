namespace Portico.Core.Notifications;

public enum DeliveryStatus
{
    Pending,

    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>Every attempt failed, or the receiver will never take it.</summary>
    Failed,

    /// <summary>There is no receiver any more, or it wants nothing now.</summary>
    Canceled,
}

/// <param name="Attempts">That ended, since it was first sent or last sent again.</param>
/// <param name="ReceiverWaits">Whether the receiver is there, and wants to be told.</param>
public sealed record DeliveryState(DeliveryStatus Status, int Attempts, DateTimeOffset NextAt, bool ReceiverWaits);

public abstract record DeliveryStep
{
    private DeliveryStep() { }

    /// <param name="Until">Null: for ever, it has ended.</param>
    public sealed record Wait(DateTimeOffset? Until) : DeliveryStep;

    public sealed record Attempt : DeliveryStep;

    public sealed record Cancel : DeliveryStep;
}

public enum AttemptOutcome
{
    Accepted,

    /// <summary>A later attempt may do better.</summary>
    Failed,

    /// <summary>No attempt will do better.</summary>
    Refused,
}

/// <summary>Decides when a message is sent, and when it is sent again. Pure.</summary>
/// <param name="pauses">Between one attempt and the next; after the last there is no other.</param>
public sealed class DeliveryPlan(IReadOnlyList<TimeSpan> pauses)
{
    /// <summary>Eight attempts within 33 hours, as Render's.</summary>
    public static DeliveryPlan OfWebhooks { get; } = new(
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(4),
        TimeSpan.FromHours(10), TimeSpan.FromHours(18),
    ]);

    /// <summary>Six attempts within five hours: what is told later than that is no news.</summary>
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

    /// <param name="attempts">That ended, with this one.</param>
    /// <returns>What becomes of the message, and when it is sent again where it is.</returns>
    public (DeliveryStatus Status, DateTimeOffset NextAt) After(int attempts, AttemptOutcome outcome, DateTimeOffset now) => outcome switch
    {
        AttemptOutcome.Accepted => (DeliveryStatus.Delivered, now),
        AttemptOutcome.Failed when attempts < MostAttempts => (DeliveryStatus.Pending, now + pauses[attempts - 1]),
        _ => (DeliveryStatus.Failed, now),
    };
}
