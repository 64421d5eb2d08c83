using System.Runtime.InteropServices;

namespace Portico.Hosting.Loops;

/// <summary>
/// Gives memory back when there is nothing to do. Work leaves a heap that is sized for it (a deploy some 30 MB), and a process
/// that then idles for days would never collect it: nothing allocates enough to ask for it.
/// </summary>
/// <param name="worthIt">Bytes that must have been allocated since the last time: less is not worth the pause.</param>
public sealed partial class IdleMemory(BackgroundLoops loops, long worthIt)
{
    /// <summary>Bytes within one look that a process still allocates when nothing is asked of it: samples and log lines.</summary>
    private const long Idle = 16_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private long _before, _collected;

    /// <summary>Runs until the token is canceled.</summary>
    public Task RunAsync(CancellationToken stopping) => loops.RunAsync("idle memory", CollectAsync, stopping);

    private Task<TimeSpan> CollectAsync(CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _before < Idle && allocated - _collected > worthIt)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            TrimNativeHeap();
            _collected = allocated;
        }
        _before = allocated;
        return Task.FromResult(Look);
    }

    /// <summary>Returns the free blocks of native code: compiling methods leaves megabytes, which glibc by itself returns only at the end of its heap.</summary>
    private static void TrimNativeHeap()
    {
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has this function. Other C libraries return memory by themselves.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
