using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Metrics;

/// <summary>The SQLite file that holds the metrics.</summary>
internal sealed partial class MetricsDatabase
{
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
            """)));

    // NORMAL: what a loss of power takes from here is read again from the segments, because the position is lost with it.
    private const string WritePragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1000; PRAGMA journal_size_limit = 4000000;";

    private readonly HistoryFile _file;
    private readonly ILogger<MetricsDatabase> _logger;

    public MetricsDatabase(string path, ILogger<MetricsDatabase> logger)
    {
        _logger = logger;
        _file = new HistoryFile(path, [Schema], WritePragmas, "PRAGMA query_only = 1;", exception => LogUnreadable(exception, path));
    }

    /// <exception cref="SqliteException">The file cannot be created or opened, for example because the disk is full.</exception>
    public SqliteConnection OpenToWrite()
    {
        var connection = _file.OpenToWrite();
        connection.CreateFunction<byte[], byte[], byte[]>("merge_latency", LatencyBlob.Merge, isDeterministic: true);
        return connection;
    }

    /// <returns>Null if nothing was ever measured.</returns>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteConnection? OpenToRead() => _file.Exists ? _file.OpenToRead() : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored metrics in {Path} are unreadable and were set aside. Portico starts with an empty file.")]
    private partial void LogUnreadable(Exception exception, string path);
}
