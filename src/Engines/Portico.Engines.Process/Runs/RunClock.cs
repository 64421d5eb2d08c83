namespace Portico.Engines.Process.Runs;

/// <summary>Measures how long a run has taken, on clocks that cannot be set. The machine's clock may jump by a day.</summary>
/// <param name="before">How long it had taken before, under an earlier engine.</param>
internal sealed class RunClock(TimeSpan before, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public TimeSpan Elapsed => before + time.GetElapsedTime(_began);
}
