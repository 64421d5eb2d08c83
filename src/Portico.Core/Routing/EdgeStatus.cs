namespace Portico.Core.Routing;

/// <summary>What the edge answers on its admin socket at <c>GET /status</c>.</summary>
/// <param name="Version">The version of the snapshot that it serves; 0 before the first.</param>
/// <param name="Refused">Why the newest file was refused; null when it was not.</param>
/// <param name="InFlight">Requests and connections under way, by instance id; an instance that is not named has none.</param>
public sealed record EdgeStatus(long Version, int ProcessId, string? Refused, IReadOnlyDictionary<string, int> InFlight);
