namespace Portico.Core.DataStores;

/// <summary>Runs one read-only statement.</summary>
/// <param name="connectionString">A URL, <c>postgresql://user:password@host:port/database</c>.</param>
/// <returns>The rows as a JSON list of objects; every value is a string or null.</returns>
/// <exception cref="QueryException">The database refused the statement; the message is the database's.</exception>
public delegate Task<string> QueryPostgres(string connectionString, string sql, CancellationToken cancellationToken);

public sealed class QueryException(string message, Exception inner) : Exception(message, inner);
