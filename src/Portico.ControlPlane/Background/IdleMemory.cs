using Microsoft.Extensions.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>
/// Gives memory back when there is nothing to do. Work leaves a heap that is sized for it (a deploy some 30 MB), and a server
/// that then idles for days would never collect it: nothing allocates enough to ask for it.
/// </summary>
internal sealed class IdleMemory(BackgroundLoops loops) : BackgroundService
{
    /// <summary>Bytes within one look that a server still allocates when nothing is asked of it: samples and log lines.</summary>
    private const long Idle = 8_000_000;

    /// <summary>What must have been allocated since the last time: less is not worth the pause of some 50 ms.</summary>
    private const long WorthIt = 32_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private long _before, _collected;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("idle memory", CollectAsync, stoppingToken);

    private Task<TimeSpan> CollectAsync(CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _before < Idle && allocated - _collected > WorthIt)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _collected = allocated;
        }
        _before = allocated;
        return Task.FromResult(Look);
    }
}
