using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>Looks into a running database.</summary>
public interface IPostgresInspector
{
    /// <summary>Clients that are connected, by the user that they logged in as.</summary>
    /// <exception cref="DataStoreException">It does not say; the message says why.</exception>
    Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken);
}
