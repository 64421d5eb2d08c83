using System.Net.Sockets;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Asks a database as its superuser, on a connection of its own.</summary>
public sealed class PostgresInspector : IPostgresInspector
{
    private const string ByUser = """
        SELECT usename::text, count(*)::int FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename IS NOT NULL GROUP BY usename
        """;

    public async Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            await using var source = AdminDataSource.Create(spec, address, spec.DatabaseName);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(ByUser, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellationToken))
                counts[reader.GetString(0)] = reader.GetInt32(1);
            return counts;
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new DataStoreException(Failure.Explain(spec, address, exception), exception);
        }
    }
}
