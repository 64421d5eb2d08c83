using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.State;

/// <summary>
/// Tells whether anything in the database has changed without reading it, so that frequent checks of all services need not
/// read thousands of rows each time.
/// </summary>
/// <remarks>
/// SQLite counts the commits of other connections; this connection never writes. See
/// https://sqlite.org/pragma.html#pragma_data_version.
/// </remarks>
internal sealed class StateVersion(string databaseFile) : IDisposable
{
    private readonly Lock _reading = new();
    private SqliteConnection? _connection;
    private SqliteCommand? _command;

    /// <summary>
    /// Returns a number. Read it before the rows: while it stays the same, so do the rows. Numbers of different processes
    /// cannot be compared.
    /// </summary>
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
