using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.Logs;

/// <summary>Searches for lines.</summary>
internal sealed class LogSearch(LogStore store, TimeProvider time)
{
    /// <summary>The maximum time that one search reads lines. It then returns what it has found and where it stopped.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int ValuesFromLines = 10_000;

    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">A regular expression took too long.</exception>
    public LogPage Find(LogFilter filter, LogRange range, LogOrder order, int limit, CancellationToken cancellationToken)
    {
        using var merge = Merge(filter, range, order, limit);
        var began = time.GetTimestamp();
        var found = new List<StoredLog>();
        while (merge.Next(out var line, out var rest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.Count == limit && (line is not null || filter.ReadsLines))
                return new LogPage(found, HasMore: true, range.After(found[^1].Time, order));
            if (line is not null)
                found.Add(line);
            if (filter.ReadsLines && time.GetElapsedTime(began) > Patience)
                return new LogPage(found, HasMore: true, rest);
        }
        return new LogPage(found, HasMore: false, found.Count > 0 ? range.After(found[^1].Time, order) : range);
    }

    /// <summary>Returns the values of a label among the matching lines, sorted.</summary>
    public IReadOnlyList<string> Values(Func<LogLabels, string?> label, LogFilter filter, LogRange range, LogOrder order, CancellationToken cancellationToken)
    {
        var labels = filter.ReadsLines
            ? Find(filter, range, order, ValuesFromLines, cancellationToken).Logs.Select(line => line.Labels)
            : StreamsWithLines(filter, range);
        return [.. labels.Select(label).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    private LogMerge Merge(LogFilter filter, LogRange range, LogOrder order, int wanted)
    {
        // First what there is, then the connection: a stream or block that came in between is of later lines.
        var (streams, blocks) = (Matching(filter), store.Blocks);
        return new LogMerge(store.OpenToRead(), streams, blocks, filter, range, order, wanted);
    }

    private List<LogLabels> StreamsWithLines(LogFilter filter, LogRange range)
    {
        using var connection = store.OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM lines WHERE stream = $stream AND time BETWEEN $first AND $last)";
        command.Parameters.AddWithValue("$first", range.First.Nanoseconds);
        command.Parameters.AddWithValue("$last", range.Last.Nanoseconds);
        var stream = command.Parameters.Add("$stream", SqliteType.Integer);
        var found = new List<LogLabels>();
        foreach (var candidate in Matching(filter))
        {
            stream.Value = candidate.Id;
            if ((long)command.ExecuteScalar()! != 0)
                found.Add(candidate.Labels);
        }
        return found;
    }

    private List<LogStream> Matching(LogFilter filter)
    {
        store.Open();
        return [.. store.Streams.Where(stream => filter.Matches(stream.Labels))];
    }
}
