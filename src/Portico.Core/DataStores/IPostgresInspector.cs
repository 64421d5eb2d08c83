using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>Looks into a running database.</summary>
/// <remarks>Each throws a <see cref="DataStoreException"/> when the database does not say; the message says why.</remarks>
public interface IPostgresInspector
{
    /// <summary>Clients that are connected, by the user that they logged in as.</summary>
    Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Who is connected to the database now, the oldest first.</summary>
    Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Tables and indexes, the largest first.</summary>
    Task<IReadOnlyList<PostgresRelationSize>> ListSizesAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Tables that were read from end to end, the most often read one first.</summary>
    Task<IReadOnlyList<PostgresTableScans>> ListTableScansAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Statements of the database, those that took the most time first.</summary>
    Task<IReadOnlyList<PostgresStatement>> ListTopStatementsAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);
}
