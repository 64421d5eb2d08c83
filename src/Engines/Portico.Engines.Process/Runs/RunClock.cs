namespace Portico.Engines.Process.Runs;

/// <summary>How long a run has taken so far, by clocks that cannot be set: that of the machine may jump by a day.</summary>
/// <param name="before">What it had taken before this was made, while an earlier engine looked after it.</param>
internal sealed class RunClock(TimeSpan before, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public TimeSpan Elapsed => before + time.GetElapsedTime(_began);
}
