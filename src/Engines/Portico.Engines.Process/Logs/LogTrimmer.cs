using System.Collections.Concurrent;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Logs;

/// <summary>Keeps the logs of running instances and runs within their limit. It checks logs more often the faster they grow.</summary>
internal sealed class LogTrimmer(long limit, ItemRetries retries)
{
    public const string LoopName = "engine: log trimming";

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), Watchful = TimeSpan.FromMilliseconds(200), Busy = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, Entry> _logs = new();

    /// <param name="mayBurst">A build can print a gigabyte in its first second; a service that runs for days is checked less often.</param>
    public void Add(string path, bool mayBurst) => _logs[path] = new Entry(mayBurst, 0);

    public void Remove(string path)
    {
        if (_logs.TryRemove(path, out _))
            TrimOne(path);
    }

    public Task RunAsync(BackgroundLoops loops, CancellationToken cancellationToken) =>
        loops.RunAsync(LoopName, _ => Task.FromResult(Pass()), cancellationToken);

    /// <returns>How long to wait before the next pass.</returns>
    private TimeSpan Pass()
    {
        if (retries.Failing.Count > 0)
            retries.KeepOnly(_logs.Keys.ToHashSet(StringComparer.Ordinal));
        var (busy, watchful) = (false, false);
        foreach (var (path, entry) in _logs)
        {
            TrimOne(path);
            var length = LogFile.LengthOf(path);
            busy |= length - entry.Length > limit / 8;
            watchful |= entry.MayBurst;
            _logs.TryUpdate(path, entry with { Length = length }, entry);
        }
        return busy ? Busy : watchful ? Watchful : Quiet;
    }

    private void TrimOne(string path) => retries.Try(path, () =>
    {
        // The file is created with its first line and deleted with its owner.
        if (File.Exists(path))
            LogFile.Trim(path, limit);
    });

    private sealed record Entry(bool MayBurst, long Length);
}
