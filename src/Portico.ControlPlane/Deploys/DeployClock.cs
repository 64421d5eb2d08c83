namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Keeps a deploy's time from running out, or never running out, because the machine's clock was set: a laptop that slept, a
/// clock that was wrong when the machine started.
/// </summary>
internal sealed class DeployClock(TimeProvider time)
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);
    private (DateTimeOffset Now, long Ticks)? _last;
    private TimeSpan _jump;

    /// <summary>Looks at the clock. To be called often: how far it jumped is told by what else has passed since the last look.</summary>
    public void Look()
    {
        var (now, ticks) = (time.GetUtcNow(), time.GetTimestamp());
        var jump = _last is { } last ? now - last.Now - time.GetElapsedTime(last.Ticks, ticks) : TimeSpan.Zero;
        _jump = jump > Noticed ? jump : TimeSpan.Zero;
        _last = (now, ticks);
    }

    /// <returns>Since when a deploy is where it is, by the clock of now.</returns>
    public DateTimeOffset Correct(DateTimeOffset since)
    {
        var (now, moved) = (_last?.Now ?? time.GetUtcNow(), since + _jump);
        return moved > now ? now : moved;
    }
}
