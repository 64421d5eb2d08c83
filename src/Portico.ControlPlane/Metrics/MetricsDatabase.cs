using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Portico.ControlPlane.Metrics;

/// <summary>The database file of the metrics. It contains no state: an unreadable file is set aside, and a new one is created.</summary>
internal sealed partial class MetricsDatabase(string path, ILogger<MetricsDatabase> logger)
{
    private const int Version = 1;
    private const int Corrupt = 11, NotADatabase = 26;

    private static readonly string Schema = string.Concat(
        """
        CREATE TABLE series (id INTEGER PRIMARY KEY, resource TEXT NOT NULL, gauge INTEGER NOT NULL, instance TEXT NOT NULL,
            UNIQUE (resource, gauge, instance));
        CREATE TABLE traffic_series (id INTEGER PRIMARY KEY, service TEXT NOT NULL, host TEXT NOT NULL, method TEXT NOT NULL,
            status INTEGER NOT NULL, UNIQUE (service, host, method, status));
        CREATE TABLE paths (service TEXT NOT NULL, time INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
            status INTEGER NOT NULL, count INTEGER NOT NULL, latency BLOB NOT NULL,
            PRIMARY KEY (service, time, host, path, status)) WITHOUT ROWID;
        CREATE TABLE positions (name TEXT PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID;
        """,
        string.Concat(Tier.All.Select(tier => $"""
            CREATE TABLE gauges_{tier.Name} (series INTEGER NOT NULL, time INTEGER NOT NULL, samples INTEGER NOT NULL,
                sum REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (series, time)) WITHOUT ROWID;
            CREATE TABLE traffic_{tier.Name} (series INTEGER NOT NULL, time INTEGER NOT NULL, count INTEGER NOT NULL,
                bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, websocket_out INTEGER NOT NULL, latency BLOB NOT NULL,
                PRIMARY KEY (series, time)) WITHOUT ROWID;
            """)),
        $"PRAGMA user_version = {Version};");

    /// <exception cref="SqliteException">The file could not be created or opened, for example because the disk is full.</exception>
    public SqliteConnection OpenToWrite()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
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

    /// <returns>Null if nothing was ever measured.</returns>
    public SqliteConnection? OpenToRead()
    {
        if (!File.Exists(path))
            return null;
        var connection = Open();
        Execute(connection, "PRAGMA query_only = 1;");
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection OpenPrepared()
    {
        var connection = Open();
        try
        {
            // NORMAL: what a loss of power takes from here is read again from the segments, because the position goes with it.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1000; PRAGMA journal_size_limit = 4000000;");
            Prepare(connection);
            connection.CreateFunction<byte[], byte[], byte[]>("merge_latency", LatencyBlob.Merge, isDeterministic: true);
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
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = (long)command.ExecuteScalar()!;
        if (version == Version)
            return;
        if (version != 0)
            throw new SqliteException($"{path} was written by another version of Portico ({version}).", NotADatabase);
        using var transaction = connection.BeginTransaction();
        Execute(connection, Schema);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored metrics in {Path} are unreadable and were set aside. Portico starts with an empty file.")]
    private partial void LogUnreadable(Exception exception, string path);
}
