using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.State;

/// <summary>
/// A SQLite file with history: logs or metrics. Losing it loses no state, so a file that cannot be read is renamed to
/// <c>….unreadable</c> and a new one is created.
/// </summary>
/// <param name="migrations">SQL that brings the tables from version 0 (an empty file) to 1, from 1 to 2, and so on.</param>
/// <param name="writePragmas">Settings of each connection that writes.</param>
/// <param name="readPragmas">Settings of each connection that reads.</param>
/// <param name="onUnreadable">Is called before the file is renamed.</param>
internal sealed class HistoryFile(
    string path, IReadOnlyList<string> migrations, string writePragmas, string readPragmas, Action<SqliteException> onUnreadable)
{
    private const int Corrupt = 11, NotADatabase = 26;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public bool Exists => File.Exists(path);

    /// <exception cref="SqliteException">The file cannot be created or opened, for example because the disk is full.</exception>
    public SqliteConnection OpenToWrite()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly);
        try
        {
            return OpenMigrated();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
        {
            onUnreadable(exception);
        }
        SetAside();
        return OpenMigrated();
    }

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteConnection OpenToRead()
    {
        var connection = Open();
        connection.Execute(readPragmas);
        return connection;
    }

    private SqliteConnection OpenMigrated()
    {
        var connection = Open();
        try
        {
            connection.Execute(writePragmas);
            Migrate(connection);
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    private void Migrate(SqliteConnection connection)
    {
        var version = connection.Number("PRAGMA user_version");
        if (version == migrations.Count)
            return;
        if (version < 0 || version > migrations.Count)
            throw new SqliteException($"{path} was written by another version of Portico ({version}).", NotADatabase);
        using var transaction = connection.BeginTransaction();
        connection.Execute(string.Concat(migrations.Skip((int)version)) + $"PRAGMA user_version = {migrations.Count};");
        transaction.Commit();
    }

    private SqliteConnection Open()
    {
        // Without a pool: a connection that nobody uses would keep its pages in memory.
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
}
