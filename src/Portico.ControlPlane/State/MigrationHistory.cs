using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portico.ControlPlane.State;

/// <summary>
/// Decides, before anything is written, whether this version can open a database:
/// <code>
/// no tables                              create it
/// only migrations that are known here    migrate it forward
/// newest is <see cref="LastSquashed"/>   rewrite its history to the one migration that replaces all before, then migrate forward
/// newest is older than that              refuse it
/// newest is unknown, or no history       refuse it
/// </code>
/// </summary>
internal static class MigrationHistory
{
    /// <summary>The last of the migrations that <c>Initial</c> replaces. It led to the same schema.</summary>
    private const string LastSquashed = "20261123033854_FollowedBranches";

    /// <summary>The last commit of Portico that migrates databases older than <see cref="LastSquashed"/>.</summary>
    private const string LastCommit = "9a9f199";

    private const string Untouched = "Nothing was changed.";

    /// <exception cref="DatabaseRefusedException">The database is of another version. Nothing was written to it.</exception>
    public static async Task PrepareAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (await ReadAsync(file, cancellationToken) is not { } found)
            return;
        var known = db.Database.GetMigrations().ToHashSet();
        if (found.Count > 0 && found.All(known.Contains))
            return;
        var newest = found.LastOrDefault()
            ?? throw new DatabaseRefusedException($"{file} is not a database of Portico: it has no history of migrations. {Untouched}");
        if (known.Contains(newest) || string.CompareOrdinal(newest, LastSquashed) > 0)
            throw new DatabaseRefusedException(
                $"{file} was last used by a later version of Portico: this version does not know its migration {found.Last(id => !known.Contains(id))}. "
                + $"Start that version, or restore a backup of {Path.GetDirectoryName(file)} that was made before the upgrade. {Untouched}");
        if (newest != LastSquashed)
            throw new DatabaseRefusedException(
                $"{file} was last used by a development version of Portico whose databases this version cannot upgrade: its newest migration is {newest}. "
                + $"Start Portico of commit {LastCommit} with it once, which upgrades it, then start this version. {Untouched}");
        await RequireSchemaAsync(db, file, cancellationToken);
        await RewriteAsync(db, cancellationToken);
    }

    /// <returns>The applied migrations, the newest last; null for a database without tables.</returns>
    private static async Task<List<string>?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
            return null;
        await using var connection = await OpenToReadAsync(file, cancellationToken);
        var tables = await TextsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", cancellationToken);
        if (tables.Count == 0)
            return null;
        return tables.Contains(HistoryRepository.DefaultTableName)
            ? await TextsAsync(connection, $"SELECT MigrationId FROM {HistoryRepository.DefaultTableName} ORDER BY MigrationId", cancellationToken)
            : [];
    }

    /// <summary>
    /// Compares what SQLite says of both. The order of columns and their defaults depend on how a table came about, and do not
    /// matter: every column is written by its name.
    /// </summary>
    private static async Task RequireSchemaAsync(PorticoDb db, string file, CancellationToken cancellationToken)
    {
        await using var wanted = new SqliteConnection("Data Source=:memory:");
        await wanted.OpenAsync(cancellationToken);
        await using (var create = wanted.CreateCommand())
        {
            create.CommandText = db.GetService<IMigrator>().GenerateScript(toMigration: db.Database.GetMigrations().First());
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var existing = await OpenToReadAsync(file, cancellationToken);
        var (there, needed) = (await SchemaAsync(existing, cancellationToken), await SchemaAsync(wanted, cancellationToken));
        var differences = needed.Except(there).Select(item => $"without {item}").Concat(there.Except(needed).Select(item => $"with {item}")).ToList();
        if (differences.Count > 0)
            throw new DatabaseRefusedException(
                $"{file} has migration {LastSquashed}, but not its schema: {string.Join("; ", differences.Take(5))}. "
                + $"Its tables were changed by another program. Restore a backup of {Path.GetDirectoryName(file)}. {Untouched}");
    }

    private static Task<List<string>> SchemaAsync(SqliteConnection connection, CancellationToken cancellationToken) => TextsAsync(
        connection,
        """
        SELECT 'column ' || tables.name || '.' || columns.name || ' ' || columns.type || iif(columns."notnull", ' NOT NULL', '') || iif(columns.pk, ' key ' || columns.pk, '')
            FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
            WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND tables.name NOT LIKE '\_\_EF%' ESCAPE '\'
        UNION ALL
        SELECT 'index ' || sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
        """,
        cancellationToken);

    private static async Task RewriteAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var initial = db.Database.GetMigrations().First();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM {HistoryRepository.DefaultTableName}", cancellationToken);
        await db.Database.ExecuteSqlRawAsync(
            $"INSERT INTO {HistoryRepository.DefaultTableName} (MigrationId, ProductVersion) VALUES ({{0}}, {{1}})", [initial, ProductInfo.GetVersion()], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A connection that can write would move what is in the log of a killed server into the file when it is closed.</summary>
    private static async Task<SqliteConnection> OpenToReadAsync(string file, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task<List<string>> TextsAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            texts.Add(reader.GetString(0));
        return texts;
    }
}

/// <summary>This version cannot open the database; the message says why, and what to do.</summary>
internal sealed class DatabaseRefusedException(string message) : Exception(message);
