using System.Net.Sockets;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Counts the connections to a server.</summary>
internal static class Connections
{
    private const string OwnDatabase = "postgres";

    /// <exception cref="DataStoreException">The server does not respond.</exception>
    public static async Task<int> CountAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = AdminDataSource.Create(spec, address, OwnDatabase);
            await using var server = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                "SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()", server);
            return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new DataStoreException(FailureText.Explain(spec, address, exception), exception);
        }
    }
}
