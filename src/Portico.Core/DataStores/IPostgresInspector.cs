using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>Reads statistics of a running database.</summary>
/// <remarks>Each method throws a <see cref="DataStoreException"/> when the database cannot be read; the message says why.</remarks>
public interface IPostgresInspector
{
    /// <summary>Counts connected clients by user.</summary>
    Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Lists the current connections, oldest first.</summary>
    Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Lists tables and indexes, largest first.</summary>
    Task<IReadOnlyList<PostgresRelationSize>> ListSizesAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Lists tables by sequential scans, most often scanned first.</summary>
    Task<IReadOnlyList<PostgresTableScans>> ListTableScansAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Lists statements by total time, slowest first.</summary>
    Task<IReadOnlyList<PostgresStatement>> ListTopStatementsAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);
}
