namespace Portico.Engines.Process.Limits;

/// <summary>
/// Decides how much CPU time builds get. Normally they get only idle time, so that no request waits for them. If almost none is
/// left, they get a low weight for some seconds, and then idle time again, so that a busy service does not block builds forever.
/// </summary>
/// <param name="used">Returns the CPU time that builds have used so far; null if the kernel does not count it.</param>
/// <param name="setIdle">Called with true to give builds only idle time, and with false to give them a weight.</param>
internal sealed class BuildCpuShare(Func<TimeSpan?> used, Action<bool> setIdle, TimeProvider time)
{
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>A share of one processor. Builds that get less may be waiting for CPU time.</summary>
    private const double Little = 0.05;

    /// <summary>Calls are more frequent than this during a build. After a longer pause there was no build, so the usage says nothing.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private long? _looked;
    private long _since;
    private TimeSpan _used;
    private bool _isIdle = true;

    /// <summary>Checks the usage. Call it twice a second during a build.</summary>
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
