namespace Portico.Hosting;

/// <summary>A lock for each key. A key takes memory only while it is held or waited for.</summary>
public sealed class KeyedLock
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many keys are held or waited for.</summary>
    public int Count
    {
        get
        {
            lock (_entries)
                return _entries.Count;
        }
    }

    /// <summary>Waits until the key is free and takes it. Dispose the result to release it.</summary>
    public async Task<IDisposable> TakeAsync(string key, CancellationToken cancellationToken)
    {
        var entry = Enter(key);
        try
        {
            await entry.Gate.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(key, entry);
            throw;
        }
        return new Holder(this, key, entry);
    }

    /// <returns>Null if the key is held.</returns>
    public IDisposable? TryTake(string key)
    {
        var entry = Enter(key);
        if (entry.Gate.Wait(0))
            return new Holder(this, key, entry);
        Leave(key, entry);
        return null;
    }

    private Entry Enter(string key)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out var entry))
                _entries.Add(key, entry = new Entry());
            entry.Users++;
            return entry;
        }
    }

    private void Leave(string key, Entry entry)
    {
        lock (_entries)
            if (--entry.Users == 0)
                _entries.Remove(key);
    }

    private sealed class Entry
    {
        // Without Dispose: it has no wait handle, because nobody asks for one.
        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>Those who hold the key or wait for it.</summary>
        public int Users { get; set; }
    }

    private sealed class Holder(KeyedLock owner, string key, Entry entry) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) != 0)
                return;
            entry.Gate.Release();
            owner.Leave(key, entry);
        }
    }
}
