namespace Portico.Core.Routing;

/// <summary>What the edge answers on its admin socket at <c>GET /status</c>.</summary>
/// <param name="Version">The version of the snapshot that it serves; 0 before the first.</param>
/// <param name="Refused">Why the newest file was refused; null when it was not.</param>
/// <param name="InFlight">Requests and busy connections under way, by instance id; an instance that is not named has none.</param>
public sealed record EdgeStatus(long Version, int ProcessId, string? Refused, IReadOnlyDictionary<string, int> InFlight)
{
    /// <summary>What of the served snapshot does not work here, for a person: an internal port that is taken, a site that cannot be read.</summary>
    /// <remarks>The generated reader passes null for what the text leaves out.</remarks>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];
}
