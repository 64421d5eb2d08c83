using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Portico.ControlPlane.Logs;

/// <summary>A statement whose values are read directly from SQLite's memory, because a search discards most lines that it reads.</summary>
internal sealed class LineReader : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    /// <param name="sql">The SQL, with <c>?</c> for each value. All values are numbers.</param>
    public LineReader(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Require(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
    }

    public void Start(params ReadOnlySpan<long> values)
    {
        Stop();
        for (var i = 0; i < values.Length; i++)
            Require(raw.sqlite3_bind_int64(_statement, i + 1, values[i]));
    }

    /// <returns>Whether there is a row. It is valid until the next call.</returns>
    public bool Read()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            Require(result);
        return false;
    }

    /// <summary>Releases what the statement holds. It can be started again.</summary>
    public void Stop() => _ = raw.sqlite3_reset(_statement);

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    public void Dispose() => _statement.Dispose();

    private void Require(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
