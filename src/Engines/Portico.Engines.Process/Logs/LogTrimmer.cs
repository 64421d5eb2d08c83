using System.Collections.Concurrent;

namespace Portico.Engines.Process.Logs;

/// <summary>Keeps the logs of what runs within their bound. Looks the more often, the faster they grow.</summary>
internal sealed class LogTrimmer(long limit, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), Watchful = TimeSpan.FromMilliseconds(200), Busy = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, Entry> _logs = new();

    /// <param name="mayBurst">A build can print a gigabyte in its first second; a service that runs for days is looked at less often.</param>
    public void Add(string path, bool mayBurst) => _logs[path] = new Entry(mayBurst, 0);

    public void Remove(string path)
    {
        if (_logs.TryRemove(path, out _))
            TrimOne(path);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(NextPause(), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var path in _logs.Keys)
                TrimOne(path);
        }
    }

    private TimeSpan NextPause()
    {
        var (busy, watchful) = (false, false);
        foreach (var (path, entry) in _logs)
        {
            var length = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
            busy |= length - entry.Length > limit / 8;
            watchful |= entry.MayBurst;
            _logs.TryUpdate(path, entry with { Length = length }, entry);
        }
        return busy ? Busy : watchful ? Watchful : Quiet;
    }

    private void TrimOne(string path)
    {
        try
        {
            LogFile.Trim(path, limit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there yet, or just removed; a full disk is tried again in a moment.
        }
    }

    private sealed record Entry(bool MayBurst, long Length);
}
