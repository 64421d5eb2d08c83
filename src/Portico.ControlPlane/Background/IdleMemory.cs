using Microsoft.Extensions.Hosting;

namespace Portico.ControlPlane.Background;

/// <summary>
/// Gives memory back when there is nothing to do. Work leaves a heap that is sized for it (a deploy some 30 MB), and a server
/// that then idles for days would never collect it: nothing allocates enough to ask for it.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    /// <summary>Bytes within one look that a server still allocates when nothing is asked of it: samples and log lines.</summary>
    private const long Idle = 8_000_000;

    /// <summary>What must have been allocated since the last time: less is not worth the pause of some 50 ms.</summary>
    private const long WorthIt = 32_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var (before, collected) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - before < Idle && allocated - collected > WorthIt)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = allocated;
            }
            before = allocated;
        }
    }
}
