using Npgsql;

namespace Portico.Postgres;

internal static class Statements
{
    public static async Task RunAsync(this NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The first column of the first row; null if there is no row.</returns>
    public static async Task<string?> ReadTextAsync(
        this NpgsqlConnection connection, string query, string parameter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
