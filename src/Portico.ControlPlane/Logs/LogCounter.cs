namespace Portico.ControlPlane.Logs;

/// <summary>Counts lines over time.</summary>
internal sealed class LogCounter(LogStore store, LogSearch search, TimeProvider time)
{
    private const int ReadAtOnce = 4096, LooksAtToken = 100_000;

    /// <summary>The index holds the times of each stream, so no line is read.</summary>
    private const string Times = "SELECT time FROM lines INDEXED BY lines_of_stream WHERE stream = ? AND time BETWEEN ? AND ?";

    /// <summary>The maximum time that one call reads lines.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">A regular expression took too long.</exception>
    public LogCounts Count(LogFilter filter, LogRange range, int parts, CancellationToken cancellationToken)
    {
        var counts = new LogCounts(range, parts);
        if (filter.ReadsLines)
            CountLines(counts, filter, cancellationToken);
        else
            CountTimes(counts, filter, cancellationToken);
        return counts;
    }

    private void CountTimes(LogCounts counts, LogFilter filter, CancellationToken cancellationToken)
    {
        using var connection = store.OpenToRead();
        using var times = new LineReader(connection, Times);
        var read = 0;
        foreach (var stream in store.Streams.Where(stream => filter.Matches(stream.Labels)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            times.Start(stream.Id, counts.Range.First.Nanoseconds, counts.Range.Last.Nanoseconds);
            while (times.Read())
            {
                counts.Add(new LogTime(times.Number(0)), stream.Labels.Level);
                if (++read % LooksAtToken == 0)
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Newest first: what is counted when the time is up is what most people look at.</summary>
    private void CountLines(LogCounts counts, LogFilter filter, CancellationToken cancellationToken)
    {
        var (began, rest) = (time.GetTimestamp(), counts.Range);
        for (var hasMore = true; hasMore;)
        {
            var page = search.Find(filter, rest, LogOrder.NewestFirst, ReadAtOnce, cancellationToken);
            foreach (var line in page.Logs)
                counts.Add(line.Time, line.Labels.Level);
            (hasMore, rest) = (page.HasMore, page.Rest);
            if (hasMore && time.GetElapsedTime(began) > Patience)
            {
                counts.SearchedFrom = rest.Last.Next;
                return;
            }
        }
    }
}
