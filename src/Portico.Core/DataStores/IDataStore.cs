using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>A managed data store, described for an engine: a stateful revision with a disk, and how to prepare it.</summary>
public interface IDataStore
{
    /// <summary>Runs once on the empty disk before the first start; repeatable. Null when there is nothing to prepare.</summary>
    JobRequest? Initialization { get; }

    Revision Revision { get; }

    /// <summary>Brings roles, databases and settings to what the specification says. Repeatable; called when the port accepts.</summary>
    /// <exception cref="DataStoreException">It cannot be brought there now; the message says why.</exception>
    Task ConfigureAsync(InstanceAddress address, CancellationToken cancellationToken);

    /// <summary>How many clients are connected, Portico itself left out.</summary>
    /// <exception cref="DataStoreException">It does not say; the message says why.</exception>
    Task<int> CountConnectionsAsync(InstanceAddress address, CancellationToken cancellationToken);
}

public sealed class DataStoreException : Exception
{
    public DataStoreException() { }

    public DataStoreException(string message) : base(message) { }

    public DataStoreException(string message, Exception innerException) : base(message, innerException) { }
}
