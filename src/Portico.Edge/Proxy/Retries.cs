namespace Portico.Edge.Proxy;

/// <summary>How a request failed.</summary>
internal enum Failure
{
    /// <summary>The instance is not routed to any more; nothing was sent.</summary>
    Retired,

    /// <summary>No connection; nothing was sent.</summary>
    Unreachable,

    /// <summary>The connection broke before any answer, and the request may be repeated: it only asks, or was not read to its end.</summary>
    Reset,

    /// <summary>It may have had its effect: the client must decide.</summary>
    Final,
}

/// <summary>The bounds of trying again for one request.</summary>
internal sealed class Retries(TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int MaxTries = 30;

    /// <summary>A request that makes its instance fall must not fell them all.</summary>
    private const int MaxResets = 5;

    /// <summary>Of those that follow at once, where the request itself is suspected. A long one meets the death of others more often.</summary>
    private const int MaxQuickResets = 2;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryBudget = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HoldBudget = TimeSpan.FromSeconds(5);

    private long _start = time.GetTimestamp();
    private int _tries;
    private int _resets;
    private int _quickResets;

    /// <summary>How much longer to wait for a live service to have an instance.</summary>
    public TimeSpan HoldLeft => Left(HoldBudget);

    public TimeSpan Left(TimeSpan patience) => patience - time.GetElapsedTime(_start);

    /// <param name="sent">When the try that failed began, as a timestamp.</param>
    public bool MayFollow(Failure failure, long sent)
    {
        // Where a kept connection breaks, HttpClient itself asks on a new one, and what comes back is that this one was refused.
        if (failure == Failure.Reset || (failure == Failure.Unreachable && time.GetElapsedTime(sent) >= Quick))
            CountReset(sent);
        return failure != Failure.Final && _resets <= MaxResets && _quickResets <= MaxQuickResets
            && ++_tries < MaxTries && time.GetElapsedTime(_start) < RetryBudget;
    }

    private void CountReset(long sent)
    {
        _resets++;
        if (time.GetElapsedTime(sent) < Quick)
            _quickResets++;
        // It was worked on until now, for however long: what is bounded is the time in which nobody takes it.
        _start = time.GetTimestamp();
        _tries = 0;
    }
}
