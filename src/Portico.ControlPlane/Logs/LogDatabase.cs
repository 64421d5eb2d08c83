using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Portico.ControlPlane.Logs;

/// <summary>The database file of the logs. It contains no state: an unreadable file is set aside, and a new one is created.</summary>
/// <remarks>
/// The time of a line is its row id, so the table is ordered by time. The only index lists the lines of each stream in that
/// order. Any set of labels is a set of streams, and its newest lines are found by merging the ends of a few streams.
/// </remarks>
internal sealed partial class LogDatabase(string path, ILogger logger)
{
    private const int Version = 2;
    private const int Corrupt = 11, NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE streams (
            id INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL, type INTEGER NOT NULL, level INTEGER NOT NULL,
            instance TEXT, host TEXT, status_code TEXT, method TEXT);
        CREATE TABLE lines (time INTEGER PRIMARY KEY, stream INTEGER NOT NULL, message TEXT NOT NULL, path TEXT);
        CREATE INDEX lines_of_stream ON lines (stream);
        CREATE TABLE sources (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
        """ + BlocksSchema;

    /// <summary>Added in version 2. Lines that belong to no block are found as well, but more slowly.</summary>
    private const string BlocksSchema = "CREATE TABLE blocks (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, grams BLOB NOT NULL);";

    /// <exception cref="SqliteException">The file could not be created or opened, for example because the disk is full.</exception>
    public SqliteConnection OpenToWrite()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return OpenPrepared();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
        {
            LogUnreadable(exception, path);
        }
        SetAside();
        return OpenPrepared();
    }

    public SqliteConnection OpenToRead()
    {
        var connection = Open();
        Execute(connection, "PRAGMA query_only = 1; PRAGMA cache_size = -4000; PRAGMA busy_timeout = 30000;");
        return connection;
    }

    private SqliteConnection OpenPrepared()
    {
        var connection = Open();
        try
        {
            // NORMAL: what a loss of power takes from here is read again from where it came, because positions go with it.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000; PRAGMA journal_size_limit = 16000000;");
            Prepare(connection);
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prepare(SqliteConnection connection)
    {
        var version = Number(connection, "PRAGMA user_version");
        if (version == Version)
            return;
        if (version is not (0 or 1))
            throw new SqliteException($"{path} was written by another version of Portico ({version}).", NotADatabase);
        using var transaction = connection.BeginTransaction();
        Execute(connection, (version == 0 ? Schema : BlocksSchema) + $"PRAGMA user_version = {Version};");
        transaction.Commit();
    }

    private SqliteConnection Open()
    {
        // No pool: a connection that nobody uses would keep its pages in memory.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    private void SetAside()
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            if (File.Exists(path + suffix))
                File.Move(path + suffix, $"{path}.unreadable{suffix}", overwrite: true);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored logs in {Path} are unreadable and were set aside. Portico reads the lines that the engine still holds again.")]
    private partial void LogUnreadable(Exception exception, string path);
}
