using Portico.Edge.Relay;
using Portico.Edge.Resolvers;
using Portico.Hosting.Loops;

namespace Portico.Edge.Model;

/// <summary>Loads the snapshot file whenever it changes: the kernel reports changes, and its time and size are polled as a fallback.</summary>
internal sealed class SnapshotWatcher(EdgeOptions options, SnapshotLoader loader, RelayPorts ports, ResolverPorts resolvers, ModelStore store, TimeProvider time) : IDisposable
{
    public const string LoopName = "routes";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long ports that could not be opened, and a copy that could not be saved, wait for the next attempt.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();
    private FileSystemWatcher? _watcher;
    private bool _isTold;
    private (DateTime, long)? _loaded;
    private EdgeModel? _applied;
    private long _tried;

    public async Task RunAsync(BackgroundLoops loops, CancellationToken stopping)
    {
        StartWatching();
        await loops.RunAsync(LoopName, PassAsync, stopping, WaitAsync);
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _wake.Dispose();
    }

    private Task<TimeSpan> PassAsync(CancellationToken cancellationToken)
    {
        var stamp = ReadStamp();
        if (_isTold || stamp != _loaded)
        {
            // Forgotten until it is loaded, so that a pass after a failure loads it again.
            _loaded = null;
            loader.Load();
            (_loaded, _isTold) = (stamp, false);
        }
        if (store.Current != _applied || (HasProblems && time.GetElapsedTime(_tried) >= RetryInterval))
            Apply(store.Current);
        return Task.FromResult(PollInterval);
    }

    private bool HasProblems => ports.Problems.Count > 0 || resolvers.Problems.Count > 0 || loader.NotSaved is not null;

    private void Apply(EdgeModel model)
    {
        _tried = time.GetTimestamp();
        ports.Apply(model);
        resolvers.Apply(model);
        _applied = model;
        loader.Save();
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stopping) => _isTold = await _wake.WaitAsync(pause, stopping);

    private void StartWatching()
    {
        try
        {
            _watcher = new FileSystemWatcher(options.RunDirectory, Path.GetFileName(options.SnapshotFile));
            _watcher.Changed += (_, _) => Wake();
            _watcher.Created += (_, _) => Wake();
            _watcher.Renamed += (_, _) => Wake();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception)
        {
            // For example, the account has reached its limit of inotify instances. Polling suffices.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            try
            {
                if (_wake.CurrentCount == 0)
                    _wake.Release();
            }
            catch (ObjectDisposedException)
            {
                // The edge stops. Thrown on the watcher's own thread, it would end the process.
            }
        }
    }

    /// <summary>The default for a file that does not exist.</summary>
    private (DateTime, long) ReadStamp()
    {
        var file = new FileInfo(options.SnapshotFile);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
