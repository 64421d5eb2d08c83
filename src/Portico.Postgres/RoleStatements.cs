using Npgsql;

namespace Portico.Postgres;

/// <summary>Creates the user's role and sets its password.</summary>
internal static class RoleStatements
{
    // Before this version, a role with CREATEROLE could grant itself pg_execute_server_program, and with it a shell.
    private const int SafeCreateRoleSince = 16;

    public static async Task EnsureAsync(
        NpgsqlConnection server, string user, string password, CancellationToken cancellationToken)
    {
        var (exists, stored) = await ReadAsync(server, user, cancellationToken);
        if (exists && ScramVerifier.Matches(stored, password))
            return;
        var verifier = ScramVerifier.Create(password).Text;
        var statement = exists
            ? $"ALTER ROLE {SqlName.Quote(user)} PASSWORD '{verifier}'"
            : $"CREATE ROLE {SqlName.Quote(user)} LOGIN CREATEDB {CreateRole(server)} PASSWORD '{verifier}'";
        await server.RunAsync(statement, cancellationToken);
    }

    private static string CreateRole(NpgsqlConnection server) =>
        server.PostgreSqlVersion.Major >= SafeCreateRoleSince ? "CREATEROLE" : "NOCREATEROLE";

    public static async Task<(bool Exists, string? Password)> ReadAsync(
        NpgsqlConnection server, string user, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT rolpassword FROM pg_authid WHERE rolname = $1", server);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return (false, null);
        return (true, await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetString(0));
    }
}
