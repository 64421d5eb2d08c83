namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Corrects the deadlines of deploys when the machine's clock jumps, for example after a laptop slept or when the clock is
/// synchronized after boot.
/// </summary>
internal sealed class DeployClock(TimeProvider time)
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);
    private (DateTimeOffset Now, long Ticks)? _last;
    private TimeSpan _jump;

    /// <summary>Reads the clock. Call it often: a jump is measured by the monotonic time since the last call.</summary>
    public void Look()
    {
        var (now, ticks) = (time.GetUtcNow(), time.GetTimestamp());
        var jump = _last is { } last ? now - last.Now - time.GetElapsedTime(last.Ticks, ticks) : TimeSpan.Zero;
        _jump = jump > Noticed ? jump : TimeSpan.Zero;
        _last = (now, ticks);
    }

    /// <returns>The time at which a deploy entered its status, by the present clock.</returns>
    public DateTimeOffset Correct(DateTimeOffset since)
    {
        var (now, moved) = (_last?.Now ?? time.GetUtcNow(), since + _jump);
        return moved > now ? now : moved;
    }
}
