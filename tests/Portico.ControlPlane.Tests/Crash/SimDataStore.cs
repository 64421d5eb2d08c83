using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A data store that needs preparing and configuring, and nothing else.</summary>
/// <param name="generation">What of its specification takes a restart.</param>
internal sealed class SimDataStore(string id, string name, int port, string generation, bool needsInitialization, FaultPoints faults, StorePlace? place = null) : IDataStore
{
    public JobRequest? Initialization => !needsInitialization ? null : new JobRequest
    {
        Id = new RunId($"{id}-init"),
        Revision = Revision,
        Command = new Command.Exec("prepare", []),
    };

    public Revision Revision => new()
    {
        Id = new RevisionId($"{id}-{generation}"),
        Owner = id,
        Name = name,
        Runtime = new WorkloadRuntime("postgres"),
        Command = new Command.Exec("serve", []),
        Environment = new Dictionary<string, string>(),
        Port = new PortBinding.Fixed(port),
        Health = new HealthCheck.Tcp(),
        Limits = ResourceLimits.None,
        Network = place?.Membership,
        Disk = new DiskMount(id, null),
    };

    public Task ConfigureAsync(InstanceAddress address, CancellationToken cancellationToken) =>
        faults.PassAsync($"configure {name}", static () => { });

    public Task<int> CountConnectionsAsync(InstanceAddress address, CancellationToken cancellationToken) => Task.FromResult(3);
}
