using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>The permission that an endpoint requires. Every endpoint declares one, or allows anonymous requests.</summary>
/// <param name="OfOwner">Whether only the owner of the machine has access, because the endpoint concerns the whole platform.</param>
internal sealed record NeedsPermission(Permission Permission, bool OfOwner = false);
