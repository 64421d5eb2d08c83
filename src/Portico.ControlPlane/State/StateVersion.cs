using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.State;

/// <summary>
/// Tells whether anything in the database has changed, without reading it: who looks every second at all services must not
/// read a thousand of them each time.
/// </summary>
/// <remarks>SQLite counts what other connections commit; this one never writes. See https://sqlite.org/pragma.html#pragma_data_version.</remarks>
public sealed class StateVersion(string databaseFile) : IDisposable
{
    private readonly Lock _reading = new();
    private SqliteConnection? _connection;
    private SqliteCommand? _command;

    /// <summary>Read before the rows: while it stays the same, they do too. Numbers of different processes say nothing of each other.</summary>
    public long Read()
    {
        lock (_reading)
        {
            _command ??= Open();
            return (long)_command.ExecuteScalar()!;
        }
    }

    public void Dispose()
    {
        _command?.Dispose();
        _connection?.Dispose();
    }

    private SqliteCommand Open()
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = databaseFile, Pooling = false }.ToString());
        _connection.Open();
        var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return command;
    }
}
