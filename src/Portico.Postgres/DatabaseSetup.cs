using System.Net.Sockets;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Makes a server's role and database match the specification, and leaves everything alone that already does.</summary>
internal static class DatabaseSetup
{
    public const string Superuser = "postgres";
    public const string OwnDatabase = "postgres";

    // If the library is not installed, or the server was started without it, there are no statistics.
    private const string CreateStatistics = """
        DO $$ BEGIN
            IF current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%' THEN
                CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;
            END IF;
        END $$
        """;

    /// <exception cref="DataStoreException">The server cannot be configured now.</exception>
    public static async Task RunAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await SetUpServerAsync(spec, address, cancellationToken);
            await SetUpDatabaseAsync(spec, address, cancellationToken);
            await DropUsersAsync(spec, address, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new DataStoreException(FailureText.Explain(spec, address, exception), exception);
        }
    }

    private static async Task SetUpServerAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        await using var source = AdminDataSource.Create(spec, address, OwnDatabase);
        await using var server = await source.OpenConnectionAsync(cancellationToken);
        await RoleStatements.EnsureAsync(server, spec.User, spec.Password, cancellationToken);
        await DatabaseStatements.EnsureAsync(server, spec.DatabaseName, spec.User, cancellationToken);
        foreach (var user in spec.Users.Where(user => !user.IsDropped))
            await UserStatements.EnsureAsync(server, user, spec.User, cancellationToken);
        foreach (var database in new[] { spec.DatabaseName, OwnDatabase, "template1" })
            await DatabaseStatements.CloseToPublicAsync(server, database, cancellationToken);
        await server.RunAsync(CreateStatistics, cancellationToken);
    }

    private static async Task DropUsersAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        var dropped = spec.Users.Where(user => user.IsDropped).ToList();
        if (dropped.Count == 0)
            return;
        await using var source = AdminDataSource.Create(spec, address, OwnDatabase);
        await using var server = await source.OpenConnectionAsync(cancellationToken);
        foreach (var user in dropped)
            await UserStatements.DropAsync(
                server, user.Name, spec.User, database => AdminDataSource.Create(spec, address, database), cancellationToken);
    }

    private static async Task SetUpDatabaseAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken)
    {
        await using var source = AdminDataSource.Create(spec, address, spec.DatabaseName);
        await using var database = await source.OpenConnectionAsync(cancellationToken);
        await DatabaseStatements.GivePublicSchemaAsync(database, spec.User, cancellationToken);
    }
}
