namespace Portico.Edge.Model;

/// <summary>Loads the snapshot file whenever it changes: told by the kernel, and by looking at its time and size as a fallback.</summary>
internal sealed class SnapshotWatcher(EdgeOptions options, SnapshotLoader loader, Action<EdgeModel> onChange, ModelStore store) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();
    private FileSystemWatcher? _watcher;
    private (DateTime, long) _stamp;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        StartWatching();
        while (!cancellationToken.IsCancellationRequested)
        {
            var told = await _wake.WaitAsync(PollInterval, cancellationToken);
            var stamp = ReadStamp();
            if (!told && stamp == _stamp)
                continue;
            _stamp = stamp;
            var before = store.Current;
            loader.Load();
            if (store.Current != before)
                onChange(store.Current);
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _wake.Dispose();
    }

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
        catch (IOException)
        {
            // The user's inotify limit is reached; polling alone does it.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    private (DateTime, long) ReadStamp()
    {
        var file = new FileInfo(options.SnapshotFile);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
