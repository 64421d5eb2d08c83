using Microsoft.Data.Sqlite;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Logs;

/// <summary>The prepared statements that change the stored logs.</summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>Small enough that other users of the file do not notice.</summary>
    private const int DeletedAtOnce = 5000;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _addLine, _addStream, _setPosition, _removePosition, _deleteOldest, _deleteUnused, _addBlock, _deleteBlocks;

    public LogWriter(SqliteConnection connection)
    {
        _connection = connection;
        _addLine = Prepare("INSERT INTO lines (time, stream, message, path) VALUES ($time, $stream, $message, $path)", "$time", "$stream", "$message", "$path");
        _addStream = Prepare(
            """
            INSERT INTO streams (resource, type, level, instance, host, status_code, method)
            VALUES ($resource, $type, $level, $instance, $host, $status, $method) RETURNING id
            """,
            "$resource", "$type", "$level", "$instance", "$host", "$status", "$method");
        _setPosition = Prepare("INSERT INTO sources (id, position) VALUES ($id, $position) ON CONFLICT DO UPDATE SET position = $position", "$id", "$position");
        _removePosition = Prepare("DELETE FROM sources WHERE id = $id", "$id");
        _deleteOldest = Prepare(
            $"DELETE FROM lines WHERE time < $before AND time <= (SELECT max(time) FROM (SELECT time FROM lines ORDER BY time LIMIT {DeletedAtOnce}))", "$before");
        _addBlock = Prepare("INSERT OR REPLACE INTO blocks (first, last, grams) VALUES ($first, $last, $grams)", "$first", "$last", "$grams");
        _deleteBlocks = Prepare("DELETE FROM blocks WHERE last < coalesce((SELECT min(time) FROM lines), 9223372036854775807) RETURNING first");
        _deleteUnused = Prepare("DELETE FROM streams WHERE NOT EXISTS (SELECT 1 FROM lines WHERE stream = streams.id) RETURNING id");
    }

    /// <summary>The bytes that lines use in the file, without the free pages that deleted lines left.</summary>
    public long UsedBytes => (_connection.Number("PRAGMA page_count") - _connection.Number("PRAGMA freelist_count"))
        * _connection.Number("PRAGMA page_size");

    public SqliteTransaction Begin()
    {
        var transaction = _connection.BeginTransaction();
        foreach (var command in Commands)
            command.Transaction = transaction;
        return transaction;
    }

    public void AddLine(long time, long stream, string message, string? path)
    {
        var parameters = _addLine.Parameters;
        parameters[0].Value = time;
        parameters[1].Value = stream;
        parameters[2].Value = message;
        parameters[3].Value = path ?? (object)DBNull.Value;
        _addLine.ExecuteNonQuery();
    }

    public long AddStream(LogLabels labels)
    {
        object?[] values = [labels.Resource, (long)labels.Type, (long)labels.Level, labels.Instance, labels.Host, labels.StatusCode, labels.Method];
        for (var i = 0; i < values.Length; i++)
            _addStream.Parameters[i].Value = values[i] ?? DBNull.Value;
        return (long)_addStream.ExecuteScalar()!;
    }

    public void SetPosition(string source, long position)
    {
        _setPosition.Parameters[0].Value = source;
        _setPosition.Parameters[1].Value = position;
        _setPosition.ExecuteNonQuery();
    }

    public void RemovePosition(string source)
    {
        _removePosition.Parameters[0].Value = source;
        _removePosition.ExecuteNonQuery();
    }

    public void AddBlock(LogRange range, ReadOnlyMemory<byte> grams)
    {
        _addBlock.Parameters[0].Value = range.First.Nanoseconds;
        _addBlock.Parameters[1].Value = range.Last.Nanoseconds;
        _addBlock.Parameters[2].Value = grams.ToArray();
        _addBlock.ExecuteNonQuery();
    }

    /// <returns>Whether there may be more lines, and how many blocks were deleted with them.</returns>
    public (bool HasMore, int Blocks) DeleteOldest(LogTime before)
    {
        using var transaction = Begin();
        _deleteOldest.Parameters[0].Value = before.Nanoseconds;
        var deleted = _deleteOldest.ExecuteNonQuery();
        var blocks = deleted == 0 ? 0 : Numbers(_deleteBlocks).Count;
        transaction.Commit();
        return (deleted == DeletedAtOnce, blocks);
    }

    public IReadOnlyList<long> DeleteUnusedStreams()
    {
        using var transaction = Begin();
        var deleted = Numbers(_deleteUnused);
        transaction.Commit();
        return deleted;
    }

    private static List<long> Numbers(SqliteCommand command)
    {
        var numbers = new List<long>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
            numbers.Add(rows.GetInt64(0));
        return numbers;
    }

    public void Dispose()
    {
        foreach (var command in Commands)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand[] Commands => [_addLine, _addStream, _setPosition, _removePosition, _deleteOldest, _deleteUnused, _addBlock, _deleteBlocks];

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
