namespace Portico.Engines.Process.Tests;

/// <summary>The clock of a machine that somebody sets: timers and timestamps go on as they did.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ticks;

    public void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}
