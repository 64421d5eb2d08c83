using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Network;

/// <summary>Puts back what disappears of the private network: as soon as the kernel reports a change, and from time to time.</summary>
internal sealed class NetworkRepair : IDisposable
{
    public const string LoopName = "engine: private network";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Changes come in groups. Many workloads that start or end at once cause one check.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private readonly PrivateNetwork _network;
    private readonly TimeProvider _time;
    private readonly WakeSignal _wake = new();
    private readonly KernelChanges? _changes;

    public NetworkRepair(PrivateNetwork network, TimeProvider time)
    {
        (_network, _time) = (network, time);
        if (network.Exists)
            _changes = new KernelChanges(_wake.Set);
    }

    public Task RunAsync(BackgroundLoops loops, CancellationToken stopping) => loops.RunAsync(
        LoopName,
        async token =>
        {
            await _network.RepairAsync(token);
            return Longest;
        },
        stopping,
        async (pause, token) =>
        {
            await Task.Delay(Shortest, _time, token);
            await _wake.WaitAsync(pause, _time, token);
        });

    public void Dispose()
    {
        _changes?.Dispose();
        _wake.Dispose();
    }
}
