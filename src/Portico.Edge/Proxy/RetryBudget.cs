namespace Portico.Edge.Proxy;

/// <summary>Limits the retries of one request.</summary>
internal sealed class RetryBudget(TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int MaxTries = 30;

    /// <summary>A request that crashes its instance must not crash all of them.</summary>
    private const int MaxResets = 5;

    /// <summary>The limit for quick resets, which suggest that the request itself is the cause. A long request meets other crashes more often.</summary>
    private const int MaxQuickResets = 2;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AcceptBudget = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HoldBudget = TimeSpan.FromSeconds(5);

    private long _start = time.GetTimestamp();
    private int _tries;
    private int _resets;
    private int _quickResets;

    /// <summary>How much longer to wait until a live service has an instance.</summary>
    public TimeSpan HoldLeft => Left(HoldBudget);

    public TimeSpan Left(TimeSpan patience) => patience - time.GetElapsedTime(_start);

    /// <param name="sent">When the failed attempt began, as a timestamp.</param>
    public bool MayFollow(AttemptFailure failure, long sent)
    {
        if (failure == AttemptFailure.Reset)
            CountReset(sent);
        return failure is AttemptFailure.Retired or AttemptFailure.Unreachable or AttemptFailure.Reset
            && _resets <= MaxResets && _quickResets <= MaxQuickResets
            && ++_tries < MaxTries && time.GetElapsedTime(_start) < AcceptBudget;
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
