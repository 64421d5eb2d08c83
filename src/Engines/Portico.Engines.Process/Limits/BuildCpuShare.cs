namespace Portico.Engines.Process.Limits;

/// <summary>
/// What builds get of the processors: what is left idle, so that no request waits for them. Where next to nothing is left,
/// they have a low weight for a turn, and then what is idle again: a service that is always busy must not hold up builds for ever.
/// </summary>
/// <param name="used">The time of processors that builds have had so far; null where nobody counts.</param>
/// <param name="setIdle">Whether they get what is idle alone, or have a weight.</param>
internal sealed class BuildCpuShare(Func<TimeSpan?> used, Action<bool> setIdle, TimeProvider time)
{
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>Of one processor. With less, they may be waiting for one.</summary>
    private const double Little = 0.05;

    /// <summary>Whoever looks does so more often; when nobody did, there was no build, and what was used says nothing.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private long? _looked;
    private long _since;
    private TimeSpan _used;
    private bool _isIdle = true;

    /// <summary>To be called twice a second while there is a build.</summary>
    public void Look()
    {
        if (used() is not { } now)
            return;
        lock (_gate)
        {
            var isNew = _looked is not { } looked || time.GetElapsedTime(looked) > Pause;
            _looked = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(_since);
            if (isNew)
                Begin(idle: true, now);
            else if (elapsed >= Turn)
                Begin(!_isIdle || now - _used >= elapsed * Little, now);
        }
    }

    private void Begin(bool idle, TimeSpan now)
    {
        (_since, _used) = (time.GetTimestamp(), now);
        if (idle != _isIdle)
            setIdle(_isIdle = idle);
    }
}
