using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process;

/// <summary>What the engine found on this machine, and its lock on the home.</summary>
internal sealed record EngineMachine(
    EngineHome Home, Account Account, RuntimeCatalog Runtimes, DiskMounts Disks, PortFilter Ports, FileStream HomeLock);
