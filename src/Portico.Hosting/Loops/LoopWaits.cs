using System.Threading.Channels;

namespace Portico.Hosting.Loops;

public static class LoopWaits
{
    /// <summary>Waits until a signal comes, the pause is over, or the loop is to stop.</summary>
    public static async Task ForSignalAsync(ChannelReader<bool> signals, TimeSpan pause, TimeProvider time, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(time);
        if (pause <= TimeSpan.Zero)
            return;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), timeout, pause, Timeout.InfiniteTimeSpan);
        try
        {
            await signals.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // The pause is over, or the loop stops: its condition tells which.
        }
    }
}
