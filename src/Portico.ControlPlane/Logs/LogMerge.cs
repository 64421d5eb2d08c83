using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.Logs;

/// <summary>The lines of several streams in one order. Reads of each stream only as much as is asked for.</summary>
internal sealed class LogMerge : IDisposable
{
    private const int SmallestFetch = 4, LargestFetch = 512;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteCommand _command;
    private readonly PriorityQueue<Cursor, long> _next = new();
    private readonly LogRange _range;
    private readonly LogOrder _order;

    /// <param name="wanted">About how many lines will be asked for.</param>
    public LogMerge(SqliteConnection connection, IReadOnlyList<LogStream> streams, LogRange range, LogOrder order, int wanted)
    {
        (_connection, _range, _order) = (connection, range, order);
        // All reads see one state of the store.
        _transaction = connection.BeginTransaction(deferred: true);
        _command = Command(order);
        var fetch = Math.Clamp(2L * wanted / Math.Max(1, streams.Count), SmallestFetch, LargestFetch);
        foreach (var stream in streams)
            Queue(new Cursor(stream, (int)fetch));
    }

    /// <summary>The next line; null at the end.</summary>
    public StoredLog? Next()
    {
        if (!_next.TryDequeue(out var cursor, out _))
            return null;
        var line = cursor.Lines.Dequeue();
        cursor.Last = line.Time;
        Queue(cursor);
        return line;
    }

    public void Dispose()
    {
        _command.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void Queue(Cursor cursor)
    {
        if (cursor.Lines.Count == 0 && !cursor.IsAtEnd)
            Fetch(cursor);
        if (cursor.Lines.TryPeek(out var line))
            _next.Enqueue(cursor, _order == LogOrder.NewestFirst ? -line.Time.Nanoseconds : line.Time.Nanoseconds);
    }

    private void Fetch(Cursor cursor)
    {
        var range = cursor.Last is { } last ? _range.After(last, _order) : _range;
        object[] values = [cursor.Stream.Id, range.First.Nanoseconds, range.Last.Nanoseconds, cursor.FetchSize];
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i];
        using var rows = _command.ExecuteReader();
        while (rows.Read())
            cursor.Lines.Enqueue(new StoredLog(
                new LogTime(rows.GetInt64(0)), cursor.Stream.Labels, rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2)));
        cursor.IsAtEnd = cursor.Lines.Count < cursor.FetchSize;
        cursor.FetchSize = Math.Min(cursor.FetchSize * 2, LargestFetch);
    }

    private SqliteCommand Command(LogOrder order)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText =
            $"""
            SELECT time, message, path FROM lines INDEXED BY lines_of_stream
            WHERE stream = $stream AND time BETWEEN $first AND $last
            ORDER BY time {(order == LogOrder.NewestFirst ? "DESC" : "ASC")} LIMIT $count
            """;
        foreach (var name in (string[])["$stream", "$first", "$last", "$count"])
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    /// <summary>A place in one stream.</summary>
    private sealed class Cursor(LogStream stream, int fetchSize)
    {
        public LogStream Stream => stream;

        /// <summary>What was read and not taken yet.</summary>
        public Queue<StoredLog> Lines { get; } = new();

        public LogTime? Last { get; set; }

        public int FetchSize { get; set; } = fetchSize;

        public bool IsAtEnd { get; set; }
    }
}
