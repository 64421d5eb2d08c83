using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Logs;

/// <summary>The SQLite file that holds the logs.</summary>
/// <remarks>
/// The time of a line is its row id, so the table is ordered by time. The only index lists the lines of each stream in that
/// order. Any set of labels is a set of streams, and its newest lines are found by merging the ends of a few streams.
/// </remarks>
internal sealed partial class LogDatabase
{
    private const string Tables = """
        CREATE TABLE streams (
            id INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL, type INTEGER NOT NULL, level INTEGER NOT NULL,
            instance TEXT, host TEXT, status_code TEXT, method TEXT);
        CREATE TABLE lines (time INTEGER PRIMARY KEY, stream INTEGER NOT NULL, message TEXT NOT NULL, path TEXT);
        CREATE INDEX lines_of_stream ON lines (stream);
        CREATE TABLE sources (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Added in version 2. A search also finds lines that are in no block, only more slowly.</summary>
    private const string Blocks = "CREATE TABLE blocks (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, grams BLOB NOT NULL);";

    // NORMAL: what a loss of power takes from here is read again from its source, because positions are lost with it.
    private const string WritePragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000; PRAGMA journal_size_limit = 16000000;";

    private const string ReadPragmas = "PRAGMA query_only = 1; PRAGMA cache_size = -4000; PRAGMA busy_timeout = 30000;";

    private readonly HistoryFile _file;
    private readonly ILogger _logger;

    public LogDatabase(string path, ILogger logger)
    {
        _logger = logger;
        _file = new HistoryFile(path, [Tables, Blocks], WritePragmas, ReadPragmas, exception => LogUnreadable(exception, path));
    }

    /// <exception cref="SqliteException">The file cannot be created or opened, for example because the disk is full.</exception>
    public SqliteConnection OpenToWrite() => _file.OpenToWrite();

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteConnection OpenToRead() => _file.OpenToRead();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored logs in {Path} are unreadable and were set aside. Portico reads the lines that the engine still holds again.")]
    private partial void LogUnreadable(Exception exception, string path);
}
