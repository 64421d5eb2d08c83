using System.Runtime.CompilerServices;

namespace Portico.ControlPlane.Logs;

/// <summary>Follows lines as they are stored, each once and in order, also across new instances of a service.</summary>
internal sealed class LogTail(LogStore store, LogSearch search, LogLoop loop, TimeProvider time)
{
    private const int LinesAtOnce = 500;

    /// <summary>The interval of checks for new lines while a client follows.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="until">The last time of interest; null for no end.</param>
    public async IAsyncEnumerable<StoredLog> FollowAsync(
        LogFilter filter, LogTime from, LogTime? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in FollowInBatchesAsync(filter, from, until, cancellationToken))
            foreach (var line in batch)
                yield return line;
    }

    /// <summary>As <see cref="FollowAsync"/>: the lines that there are at one time, which are at least one.</summary>
    public async IAsyncEnumerable<IReadOnlyList<StoredLog>> FollowInBatchesAsync(
        LogFilter filter, LogTime from, LogTime? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = from;
        while (true)
        {
            var isLast = LogTime.From(time.GetUtcNow()) > until;
            if (isLast)
                await loop.CatchUpAsync(cancellationToken);
            // Every line up to this one can be found now, and none will be added before it.
            var newest = store.Last;
            var range = new LogRange(next, until < newest ? until.Value : newest);
            foreach (var batch in ReadInBatches(filter, range, cancellationToken))
                yield return batch;
            if (isLast)
                yield break;
            if (range.First <= range.Last)
                next = range.Last.Next;
            await NewerAsync(newest, cancellationToken);
        }
    }

    /// <summary>Reads the stored lines of a range, oldest first, in batches, because there may be millions.</summary>
    public IEnumerable<StoredLog> Read(LogFilter filter, LogRange range, CancellationToken cancellationToken) =>
        ReadInBatches(filter, range, cancellationToken).SelectMany(batch => batch);

    private IEnumerable<IReadOnlyList<StoredLog>> ReadInBatches(LogFilter filter, LogRange range, CancellationToken cancellationToken)
    {
        while (range.First <= range.Last)
        {
            var page = search.Find(filter, range, LogOrder.OldestFirst, LinesAtOnce, cancellationToken);
            if (page.Logs.Count > 0)
                yield return page.Logs;
            range = page.HasMore ? page.Rest : range with { First = range.Last.Next };
        }
    }

    /// <summary>Finds the time at which the given number of newest lines begins.</summary>
    public LogTime StartOf(LogFilter filter, int lines, LogTime newest, CancellationToken cancellationToken)
    {
        var (start, range) = (newest.Next, new LogRange(default, newest));
        while (lines > 0)
        {
            var page = search.Find(filter, range, LogOrder.NewestFirst, Math.Min(lines, LinesAtOnce), cancellationToken);
            if (page.Logs.Count > 0)
                start = page.Logs[^1].Time;
            if (!page.HasMore)
                break;
            (lines, range) = (lines - page.Logs.Count, page.Rest);
        }
        return start;
    }

    private async Task NewerAsync(LogTime newest, CancellationToken cancellationToken)
    {
        loop.Ask();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(store.NewerThanAsync(newest), Task.Delay(Pause, time, timeout.Token));
        await timeout.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
