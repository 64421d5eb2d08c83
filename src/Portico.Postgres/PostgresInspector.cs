using System.Net.Sockets;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Queries a database as superuser, on a separate connection.</summary>
internal sealed class PostgresInspector : IPostgresInspector
{
    /// <summary>Limits a query, because a user waits for its result and a locked table may not respond.</summary>
    private const int TimeoutSeconds = 10;

    public async Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        var counts = await ReadAsync(spec, address, spec.DatabaseName, InspectorQueries.ConnectionsByUser,
            row => KeyValuePair.Create(row.GetString(0), row.GetInt32(1)), cancellationToken);
        return counts.ToDictionary(StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        return await ReadAsync(spec, address, spec.DatabaseName, InspectorQueries.Sessions, SessionOf, cancellationToken);
    }

    public async Task<IReadOnlyList<PostgresRelationSize>> ListSizesAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        return await ReadAsync(spec, address, spec.DatabaseName, InspectorQueries.Sizes,
            row => new PostgresRelationSize(row.GetString(0), row.GetString(1), row.Text(2), row.GetInt64(3)), cancellationToken);
    }

    public async Task<IReadOnlyList<PostgresTableScans>> ListTableScansAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        return await ReadAsync(spec, address, spec.DatabaseName, InspectorQueries.TableScans,
            row => new PostgresTableScans(row.GetString(0), row.GetString(1), row.GetInt64(2)), cancellationToken);
    }

    /// <remarks>The server keeps the statistics of all its databases. Their view is in Portico's own database.</remarks>
    public async Task<IReadOnlyList<PostgresStatement>> ListTopStatementsAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        var loaded = await ReadAsync(spec, address, DatabaseSetup.OwnDatabase, InspectorQueries.Preloaded, row => row.GetString(0), cancellationToken);
        if (loaded is not [var libraries] || !libraries.Contains("pg_stat_statements", StringComparison.Ordinal))
            throw new DataStoreException(
                $"PostgreSQL '{spec.Name}' keeps no statistics of statements, because pg_stat_statements is not installed. Install PostgreSQL's contrib package, then restart the database.");
        return await ReadAsync(spec, address, DatabaseSetup.OwnDatabase, InspectorQueries.TopStatements, StatementOf, cancellationToken);
    }

    private static async Task<List<T>> ReadAsync<T>(
        PostgresSpec spec, InstanceAddress address, string database, string query, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var source = AdminDataSource.Create(spec, address, database);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = TimeoutSeconds };
            if (query.Contains("$1", StringComparison.Ordinal))
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = spec.DatabaseName });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(read(reader));
            return rows;
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new DataStoreException(FailureText.Explain(spec, address, exception), exception);
        }
    }

    private static PostgresSession SessionOf(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Time(5), row.Time(6), row.Text(7), row.Text(8), row.Text(9),
        row.Text(10), row.IsDBNull(11) ? null : TimeSpan.FromSeconds(row.GetDouble(11)), row.GetBoolean(12));

    private static PostgresStatement StatementOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Text = row.GetString(1),
        Calls = row.GetInt64(2),
        Rows = row.GetInt64(3),
        TotalTime = row.GetDouble(4),
        LeastTime = row.GetDouble(5),
        MostTime = row.GetDouble(6),
        MeanTime = row.GetDouble(7),
        TimeDeviation = row.GetDouble(8),
        Shared = new PostgresBlocks(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
        Local = new PostgresBlocks(row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), row.GetInt64(16)),
        TemporaryRead = row.GetInt64(17),
        TemporaryWritten = row.GetInt64(18),
    };
}

internal static class ReaderColumns
{
    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? Time(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero);
}
