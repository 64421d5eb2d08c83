using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>A managed data store for an engine: a stateful revision with a disk, and how to prepare it.</summary>
public interface IDataStore
{
    /// <summary>A run on the empty disk before the first start; repeatable. Null when there is nothing to prepare.</summary>
    JobRequest? Initialization { get; }

    Revision Revision { get; }

    /// <summary>Updates roles, databases and settings to match the specification. Repeatable; called when the port accepts connections.</summary>
    /// <exception cref="DataStoreException">The update failed; the message says why.</exception>
    Task ConfigureAsync(InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>Counts connected clients, without Portico itself.</summary>
    /// <exception cref="DataStoreException">The count cannot be read; the message says why.</exception>
    Task<int> CountConnectionsAsync(InstanceAddress address, CancellationToken cancellationToken);
}

public sealed class DataStoreException : Exception
{
    public DataStoreException() { }

    public DataStoreException(string message) : base(message) { }

    public DataStoreException(string message, Exception innerException) : base(message, innerException) { }
}
