using Npgsql;

namespace Portico.Postgres;

/// <summary>Manages additional logins of a database. They all act as its own user, so that each can change what another has created.</summary>
internal static class UserStatements
{
    public static async Task EnsureAsync(
        NpgsqlConnection server, Core.DataStores.PostgresUser user, string owner, CancellationToken cancellationToken)
    {
        var (exists, stored) = await RoleStatements.ReadAsync(server, user.Name, cancellationToken);
        if (exists && ScramVerifier.Matches(stored, user.Password))
            return;
        var verifier = ScramVerifier.Create(user.Password).Text;
        // This is one transaction, so that no login is visible that cannot act as the owner yet.
        await server.RunAsync(
            $"""
            BEGIN;
            {(exists ? "ALTER" : "CREATE")} ROLE {SqlName.Quote(user.Name)} LOGIN PASSWORD '{verifier}';
            GRANT {SqlName.Quote(owner)} TO {SqlName.Quote(user.Name)};
            ALTER ROLE {SqlName.Quote(user.Name)} SET role TO {SqlName.Quote(owner)};
            COMMIT
            """, cancellationToken);
    }

    /// <summary>Deletes a login: it disables it, ends its sessions, gives what it owns to the owner, and drops it.</summary>
    /// <param name="connect">Opens Portico's own connection to a database of this server.</param>
    public static async Task DropAsync(
        NpgsqlConnection server, string user, string owner, Func<string, NpgsqlDataSource> connect, CancellationToken cancellationToken)
    {
        if (!(await RoleStatements.ReadAsync(server, user, cancellationToken)).Exists)
            return;
        await server.RunAsync($"ALTER ROLE {SqlName.Quote(user)} NOLOGIN PASSWORD NULL", cancellationToken);
        await server.ReadTextAsync(
            "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE usename = $1", user, cancellationToken);
        foreach (var name in await DatabasesAsync(server, cancellationToken))
        {
            await using var source = connect(name);
            await using var database = await source.OpenConnectionAsync(cancellationToken);
            await database.RunAsync(
                $"REASSIGN OWNED BY {SqlName.Quote(user)} TO {SqlName.Quote(owner)}; DROP OWNED BY {SqlName.Quote(user)}", cancellationToken);
        }
        await server.RunAsync($"DROP ROLE {SqlName.Quote(user)}", cancellationToken);
    }

    private static async Task<List<string>> DatabasesAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT datname::text FROM pg_database WHERE datallowconn", server);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }
}
