using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Network;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Sandboxes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process;

/// <summary>What the engine found on this machine, and its lock on the home.</summary>
internal sealed record EngineMachine(
    EngineHome Home, Account Account, Identities Identities, Sandbox? Sandbox, string? SandboxRestriction, RuntimeCatalog Runtimes, DiskMounts Disks, PortFilter Ports, PrivateNetwork Network, FileStream HomeLock);
