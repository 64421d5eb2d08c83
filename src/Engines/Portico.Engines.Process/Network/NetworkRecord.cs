using Portico.Core.Engines;

namespace Portico.Engines.Process.Network;

/// <summary>What was chosen at the first start and stays.</summary>
/// <param name="EdgePort">See <see cref="NetworkPlan"/>.</param>
internal sealed record NetworkRecord(string Range, int EdgePort);

/// <summary>The content of all networks, from which a later engine sets the packet rules before the control plane sends it again.</summary>
internal sealed record NetworkContents(IReadOnlyList<NetworkContent> All);

/// <summary>Where a workload is in the private network, as it is saved with the workload.</summary>
/// <param name="Network">The id of its network.</param>
internal sealed record SandboxPlace(string Address, string Network);
