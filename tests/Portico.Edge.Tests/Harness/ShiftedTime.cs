namespace Portico.Edge.Tests.Harness;

/// <summary>Timers as ever, but more time seems to have passed whenever a test says so.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, (long)(by.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _shift);
}
