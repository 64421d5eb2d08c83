using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.Testing.DataStores;

/// <summary>Brings a data store up on an engine, as the control plane does.</summary>
public static class StoreOnEngine
{
    public static async Task StartAsync(IEngine engine, IDataStore store, CancellationToken cancellationToken)
    {
        if (store.Initialization is { } initialization)
            await InitializeAsync(engine, initialization, cancellationToken);
        await engine.EnsureAsync(store.Revision, 1, cancellationToken);
        await ConfigureAsync(engine, store, _ => true, cancellationToken);
    }

    /// <summary>Waits for an instance that is ready and as wanted, and sets it up; a server that is still recovering is asked again.</summary>
    public static async Task<InstanceSnapshot> ConfigureAsync(
        IEngine engine, IDataStore store, Func<InstanceSnapshot, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var instance = engine.Observe().Instances.FirstOrDefault(instance =>
                instance.Revision == store.Revision.Id && instance.Status == InstanceStatus.Ready && wanted(instance));
            if (instance?.Address is { } address && await TryConfigureAsync(store, address, cancellationToken))
                return instance;
            await Task.Delay(50, cancellationToken);
        }
    }

    private static async Task InitializeAsync(IEngine engine, JobRequest job, CancellationToken cancellationToken)
    {
        await engine.StartJobAsync(job, cancellationToken);
        if (await engine.EndOfAsync(job.Id) is not RunState.Succeeded and var state)
            throw new InvalidOperationException($"{job.Id}: {state}");
    }

    private static async Task<bool> TryConfigureAsync(IDataStore store, InstanceAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await store.ConfigureAsync(address, cancellationToken);
            return true;
        }
        catch (DataStoreException)
        {
            return false;
        }
    }
}
