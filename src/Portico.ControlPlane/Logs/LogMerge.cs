using System.Collections.Immutable;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.Logs;

/// <summary>Merges the matching lines of several streams in order. It reads only as many lines as are needed.</summary>
internal sealed class LogMerge : IDisposable
{
    private const int SmallestFetch = 4, LargestFetch = 512, SearchedAtOnce = 4096;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly LineReader _lines;
    private readonly LogSkips _skips;
    private readonly FoldedText _text = new();
    private readonly PriorityQueue<Cursor, long> _next = new();
    private readonly LogFilter _filter;
    private readonly LogRange _range;
    private readonly LogOrder _order;

    /// <param name="connection">The connection. The merge disposes of it.</param>
    /// <param name="wanted">An estimate of the number of lines that will be read.</param>
    public LogMerge(
        SqliteConnection connection, IReadOnlyCollection<LogStream> streams, ImmutableList<LogRange> blocks, LogFilter filter,
        LogRange range, LogOrder order, int wanted)
    {
        (_connection, _filter, _range, _order) = (connection, filter, range, order);
        // All reads see one state of the store.
        _transaction = connection.BeginTransaction(deferred: true);
        _lines = new LineReader(connection, Sql(order));
        _skips = new LogSkips(connection, blocks, filter);
        var atOnce = filter.ReadsLines ? SearchedAtOnce : 2L * wanted;
        var fetch = (int)Math.Clamp(atOnce / Math.Max(1, streams.Count), SmallestFetch, LargestFetch);
        foreach (var stream in streams)
            Queue(new Cursor(stream, range, fetch));
    }

    /// <summary>Advances to the next matching line, or by a limited distance.</summary>
    /// <param name="line">The line; null if none has been found yet.</param>
    /// <param name="rest">The range that has not been searched yet.</param>
    /// <returns>False at the end.</returns>
    public bool Next(out StoredLog? line, out LogRange rest)
    {
        (line, rest) = (null, _range);
        if (!_next.TryDequeue(out var cursor, out _))
            return false;
        if (cursor.Lines.TryDequeue(out line))
        {
            rest = _range.After(line.Time, _order);
        }
        else
        {
            rest = _order == LogOrder.NewestFirst ? _range with { Last = cursor.Rest.Last } : _range with { First = cursor.Rest.First };
            Fetch(cursor);
        }
        Queue(cursor);
        return true;
    }

    public void Dispose()
    {
        _skips.Dispose();
        _lines.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }

    /// <summary>Adds a cursor to the queue, ordered by its next line or, if that is not known, by the start of its remaining range.</summary>
    private void Queue(Cursor cursor)
    {
        if (cursor.Lines.TryPeek(out var line))
            _next.Enqueue(cursor, _order == LogOrder.NewestFirst ? -line.Time.Nanoseconds : line.Time.Nanoseconds);
        else if (!cursor.IsAtEnd)
            _next.Enqueue(cursor, _order == LogOrder.NewestFirst ? -cursor.Rest.Last.Nanoseconds : cursor.Rest.First.Nanoseconds);
    }

    private void Fetch(Cursor cursor)
    {
        if (_skips.Next(cursor.Rest, _order) is not { } part)
        {
            cursor.IsAtEnd = true;
            return;
        }
        _lines.Start(cursor.Stream.Id, part.First.Nanoseconds, part.Last.Nanoseconds, cursor.FetchSize);
        var (read, last) = (0, default(LogTime));
        for (; _lines.Read(); read++)
        {
            last = new LogTime(_lines.Number(0));
            if (Matches())
                cursor.Lines.Enqueue(new StoredLog(last, cursor.Stream.Labels, Encoding.UTF8.GetString(_lines.Bytes(1)), _lines.Text(2)));
        }
        _lines.Stop();
        cursor.GoOn(read == cursor.FetchSize ? cursor.Rest.After(last, _order) : Beyond(cursor.Rest, part));
        cursor.FetchSize = Math.Min(cursor.FetchSize * 2, LargestFetch);
    }

    private bool Matches()
    {
        if (!_filter.ReadsLines)
            return true;
        if (_filter.Path.Count > 0)
        {
            if (_lines.IsNull(2))
                return false;
            _text.Set(_lines.Bytes(2));
            if (!LogFilter.MatchesAny(_filter.Path, _text))
                return false;
        }
        if (_filter.Text.Count == 0)
            return true;
        _text.Set(_lines.Bytes(1));
        return LogFilter.MatchesAny(_filter.Text, _text);
    }

    /// <summary>Returns the rest of a range after its first part; null if nothing is left.</summary>
    private LogRange? Beyond(LogRange rest, LogRange part) => _order == LogOrder.NewestFirst
        ? part.First > rest.First ? rest with { Last = part.First.Previous } : null
        : part.Last < rest.Last ? rest with { First = part.Last.Next } : null;

    private static string Sql(LogOrder order) =>
        $"""
        SELECT time, message, path FROM lines INDEXED BY lines_of_stream
        WHERE stream = ? AND time BETWEEN ? AND ?
        ORDER BY time {(order == LogOrder.NewestFirst ? "DESC" : "ASC")} LIMIT ?
        """;

    /// <summary>A position in one stream.</summary>
    private sealed class Cursor(LogStream stream, LogRange rest, int fetchSize)
    {
        public LogStream Stream => stream;

        /// <summary>Matching lines that were read but not returned yet.</summary>
        public Queue<StoredLog> Lines { get; } = new();

        /// <summary>The range that was not read yet.</summary>
        public LogRange Rest { get; private set; } = rest;

        public int FetchSize { get; set; } = fetchSize;

        public bool IsAtEnd { get; set; }

        public void GoOn(LogRange? rest)
        {
            IsAtEnd = rest is not { } range || range.First > range.Last;
            Rest = rest ?? Rest;
        }
    }
}
