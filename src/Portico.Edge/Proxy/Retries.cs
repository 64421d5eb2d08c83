namespace Portico.Edge.Proxy;

/// <summary>How an attempt to send a request failed.</summary>
internal enum Failure
{
    /// <summary>The instance is no longer routed to; nothing was sent.</summary>
    Retired,

    /// <summary>No connection could be made; nothing was sent.</summary>
    Unreachable,

    /// <summary>The connection broke before any response, and the request is safe, so it may be repeated.</summary>
    Reset,

    /// <summary>The request was sent and may have been carried out, so only the client can decide whether to repeat it.</summary>
    Final,

    /// <summary>The request itself cannot be sent to any instance.</summary>
    Unsendable,

    /// <summary>The instance answered, but not with HTTP.</summary>
    Malformed,

    /// <summary>The instance took the request and did not answer in time.</summary>
    TimedOut,
}

/// <summary>Limits the retries of one request.</summary>
internal sealed class Retries(TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int MaxTries = 30;

    /// <summary>A request that crashes its instance must not crash all of them.</summary>
    private const int MaxResets = 5;

    /// <summary>The limit for quick resets, which suggest that the request itself is the cause. A long request meets other crashes more often.</summary>
    private const int MaxQuickResets = 2;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryBudget = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HoldBudget = TimeSpan.FromSeconds(5);

    private long _start = time.GetTimestamp();
    private int _tries;
    private int _resets;
    private int _quickResets;

    /// <summary>How much longer to wait until a live service has an instance.</summary>
    public TimeSpan HoldLeft => Left(HoldBudget);

    public TimeSpan Left(TimeSpan patience) => patience - time.GetElapsedTime(_start);

    /// <param name="sent">When the failed attempt began, as a timestamp.</param>
    public bool MayFollow(Failure failure, long sent)
    {
        if (failure == Failure.Reset)
            CountReset(sent);
        return failure is Failure.Retired or Failure.Unreachable or Failure.Reset
            && _resets <= MaxResets && _quickResets <= MaxQuickResets
            && ++_tries < MaxTries && time.GetElapsedTime(_start) < RetryBudget;
    }

    private void CountReset(long sent)
    {
        _resets++;
        if (time.GetElapsedTime(sent) < Quick)
            _quickResets++;
        // An instance worked on the request until now. Only the time in which no instance accepts it is limited.
        _start = time.GetTimestamp();
        _tries = 0;
    }
}
