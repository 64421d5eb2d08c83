using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>What an endpoint asks of its caller. Every endpoint says it, or that it is open to all.</summary>
/// <param name="OfOwner">Only the machine's owner: it is about the platform, and not about one workspace.</param>
public sealed record NeedsPermission(Permission Permission, bool OfOwner = false);
