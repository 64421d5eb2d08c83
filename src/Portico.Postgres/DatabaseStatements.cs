using Npgsql;

namespace Portico.Postgres;

/// <summary>Creates the user's database and sets who may connect to it.</summary>
internal static class DatabaseStatements
{
    public static async Task EnsureAsync(
        NpgsqlConnection server, string database, string owner, CancellationToken cancellationToken)
    {
        var current = await server.ReadTextAsync(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1", database, cancellationToken);
        if (current is null)
            await server.RunAsync(
                $"CREATE DATABASE {SqlName.Quote(database)} OWNER {SqlName.Quote(owner)}", cancellationToken);
        else if (current != owner)
            await server.RunAsync(
                $"ALTER DATABASE {SqlName.Quote(database)} OWNER TO {SqlName.Quote(owner)}", cancellationToken);
    }

    /// <summary>Lets other roles connect to a database only if the user grants it.</summary>
    /// <remarks>It changes only the original rights (null), so that what the user has granted stays granted.</remarks>
    public static async Task CloseToPublicAsync(NpgsqlConnection server, string database, CancellationToken cancellationToken)
    {
        var untouched = await server.ReadTextAsync(
            "SELECT 'yes' FROM pg_database WHERE datname = $1 AND (datacl IS NULL OR datname = 'template1')",
            database, cancellationToken);
        if (untouched is not null)
            await server.RunAsync($"REVOKE ALL ON DATABASE {SqlName.Quote(database)} FROM PUBLIC", cancellationToken);
    }

    /// <summary>Gives the public schema to the user. Before PostgreSQL 15 it belongs to the superuser, and every role can create tables in it.</summary>
    public static async Task GivePublicSchemaAsync(NpgsqlConnection database, string owner, CancellationToken cancellationToken)
    {
        var current = await database.ReadTextAsync(
            "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = $1", "public", cancellationToken);
        if (current != DatabaseSetup.Superuser)
            return;
        await database.RunAsync(
            $"ALTER SCHEMA public OWNER TO {SqlName.Quote(owner)}; REVOKE CREATE ON SCHEMA public FROM PUBLIC", cancellationToken);
    }
}
